import { expect, test, vi } from 'vitest';

test('the tracing example prints the spans of a task as a tree', async () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});

  await import('../../examples/tracing.ts');

  expect(print.mock.calls.map(([line]) => line)).toEqual([
    'task implement_api',
    '  submit implement_api',
    '  route implement_api',
    '  execute implement_api (task.progressed)',
    '    consult security-expert',
    '      answer security-expert',
    '    gate (gate.decide)',
  ]);
});
