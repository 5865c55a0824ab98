/** As many subtasks as a plan may have. */
import { expect, test } from 'vitest';
import { mostSubtasks } from '../../src/machines/plan.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { noReviser } from '../support/orchestrations.ts';

const width = mostSubtasks / 10;
/** Ten stages; each subtask depends on one of the stage before. Terse, so that it fits into a message. */
const subtasks = Array.from({ length: mostSubtasks }, (_, index) => ({
  id: `s${index}`,
  title: 'x',
  owner: 'd',
  minutes: { min: 1, max: 1 },
  tokens: 1,
  successCriteria: '1',
  ...(index >= width && { dependencies: [`s${index - width}`] }),
}));

test.each(['stages', 'dag'] as const)(
  '2,000 subtasks run to their end, mode %s',
  async (mode) => {
    const simulation = await simulate({ planner: noReviser });
    const { hub, settle } = simulation;
    hub.register({ id: 'dev', type: 'd', concurrency: 100, run: async () => null });
    const { result } = hub.orchestrate({ title: 'All', plan: { title: 'All', subtasks }, mode });
    await settle();
    const { status, report } = await result;
    expect([status, report.subtasks.length, report.stages.length]).toEqual(['completed', mostSubtasks, 10]);
    await expectFoldEqual(simulation);
  },
  60_000,
);

test('one more is refused', async () => {
  const { hub } = await simulate();
  hub.register({ id: 'dev', type: 'd', run: [] });
  const more = [...subtasks.map(({ id, owner }) => ({ id, owner })), { id: 'more', owner: 'd' }];
  expect(() => hub.orchestrate({ title: 'All', plan: { title: 'All', subtasks: more as never } })).toThrow(
    expect.objectContaining({ code: 'invalid' }),
  );
});
