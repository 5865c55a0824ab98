import { expect, test } from 'vitest';
import { statePath } from '../../src/machines/status.ts';

test('a state value is written as a dotted path', () => {
  expect(statePath('idle')).toBe('idle');
  expect(statePath({ running: 'consulting' })).toBe('running.consulting');
  expect(statePath({ a: { b: 'c' } })).toBe('a.b.c');
  expect(statePath({ left: 'on', right: { deep: 'off' } })).toBe('left.on,right.deep.off');
});
