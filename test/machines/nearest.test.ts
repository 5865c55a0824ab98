import { expect, test } from 'vitest';
import { nearest, slipOf } from '../../src/machines/nearest.ts';

const fields = ['title', 'risk_tier', 'mode', 'acceptance'];

test('the nearest word is the one with the fewest changed letters, in whatever case', () => {
  expect(nearest('MODES', fields)).toBe('mode');
  expect(nearest('zzz', fields)).toBe('mode');
  expect(nearest('zzz', [])).toBeUndefined();
});

test.each([
  ['acceptence', 'acceptance'],
  ['Title', 'title'],
  ['mdoe', 'mode'],
  ['tier', 'risk_tier'],
  ['work_mode', 'mode'],
  ['owner', undefined],
  ['', undefined],
  ['x'.repeat(200_000), undefined],
])('%.20s may have meant %s', (word, meant) => {
  expect(slipOf(word, fields)).toBe(meant);
});
