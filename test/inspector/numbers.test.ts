import { expect, test } from 'vitest';
import { number } from '../../inspector/src/ui/number.ts';
import { told } from '../../inspector/src/views/health/words.ts';

test('counts have a comma at the thousands, wherever they stand', () => {
  expect(number(1_000_003)).toBe('1,000,003');
  expect(number(3.5)).toBe('3.5');
  expect(told('queue', { depth: 1_408, ageMs: 60_000 }, null)).toBe('1,408 waiting, the oldest for 1 min.');
  expect(told('agents', { registered: 10_000 }, null)).toBe('10,000 registered, all within reach.');
});
