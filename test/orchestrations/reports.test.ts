/** The report: what was asked, how it went, who did what, who was asked and what they said. */
import { expect, test } from 'vitest';
import { reportMarkdown } from '../../src/hub/orchestration-report.ts';
import { simulate } from '../../src/testing.ts';
import { choose, noReviser, oneAttempt, team } from '../support/orchestrations.ts';
import { plan, subtask } from '../support/plans.ts';

const minute = 60_000;

/** One subtask asks a specialist and a person, one fails and is retried, one becomes a zombie. */
async function eventful() {
  const simulation = await simulate({ config: { retry: { jitter: 0 } }, planner: noReviser });
  const { hub, advance } = simulation;
  hub.register({
    id: 'ada',
    type: 'asker',
    run: [
      { work: '2m' },
      { consult: { type: 'expert', question: 'Which\ntoken?' } },
      { escalate: { reason: 'Is `any` allowed?' } },
      { return: 'uses `any` | all' },
    ],
  });
  hub.register({ id: 'exa', type: 'expert', run: [], answer: [{ work: '1m' }, { return: 'JWT' }] });
  hub.register({ id: 'fay', type: 'failing', run: [{ fail: { message: 'flaky', times: 1 } }, { return: null }] });
  hub.register({ id: 'zed', type: 'zombie', run: [{ work: '25m' }] });
  const { result } = hub.orchestrate({
    id: 'one',
    title: 'Do it\nall',
    description: 'With everything',
    plan: plan(
      subtask('ask', { owner: 'asker' }),
      subtask('fail', { owner: 'failing' }),
      subtask('idle', { owner: 'zombie' }),
    ),
  });
  await advance(4 * minute);
  await hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'approve', by: 'ann' });
  await advance(17 * minute);
  hub.unregister('zed');
  hub.register({ id: 'zoe', type: 'zombie', run: [{ work: '5m' }, { return: 1 }] });
  await simulation.run();
  return { ...simulation, report: (await result).report };
}

test('as JSON it has every subtask with its agent, its attempts, its time against the estimate', async () => {
  const { report } = await eventful();
  expect(report).toMatchObject({
    title: 'Do it\nall',
    description: 'With everything',
    status: 'completed',
    retries: 3,
    zombies: 1,
    estimate: { subtasks: 3 },
    warnings: [],
    subtasks: [
      { id: 'ask', agentId: 'ada', attempts: 1, durationMs: 4 * minute, estimatedMinutes: { min: 10, max: 15 } },
      { id: 'fail', agentId: 'fay', attempts: 2, retries: 1, durationMs: 1000, failures: [] },
      { id: 'idle', agentId: 'zoe', attempts: 3, zombies: 1, result: 1 },
    ],
  });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test('it says who was asked and what came of it: specialists, and people with their choice', async () => {
  const { report } = await eventful();
  expect(report.consultations).toMatchObject([
    { subtaskId: 'ask', specialistType: 'expert', question: 'Which\ntoken?', outcome: 'answered', by: 'exa' },
  ]);
  expect(report.gates).toMatchObject([
    { subtaskId: 'ask', reason: 'Is `any` allowed?', outcome: 'approved', by: 'ann', choice: null },
  ]);
});

test('a choice at the gate of a subtask is told, and so is a gate that is still open', async () => {
  const simulation = await simulate({ config: oneAttempt, planner: noReviser });
  const { hub, settle } = simulation;
  const workers = team(simulation);
  hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a'), subtask('b')) });
  await settle();
  for (const id of ['a', 'b']) workers.at(id).fail(new Error(`no ${id}`));
  await settle();
  await choose(hub, 'a', 'skip');
  expect(hub.report('one').gates).toMatchObject([
    { subtaskId: 'a', outcome: 'approved', by: 'ann', choice: 'skip' },
    { subtaskId: 'b', outcome: null, by: null, choice: null },
  ]);
  const text = reportMarkdown(hub.report('one'));
  expect(text).toContain('- a: Implement a: no a (approved by ann: skip)\n- b: Implement b: no b (open)');
  expect(text).toContain('**blocked** · not finished');
});

test('as Markdown every line of a text stays one line, and code stays code', async () => {
  const { report } = await eventful();
  expect(reportMarkdown(report)).toBe(`# Do it all

With everything

**completed** · 26m (estimated 10–15 minutes)

## Analysis

- a plan of 3 subtasks is given

## Stages

1. ask, fail, idle (26m)

## Subtasks

| subtask | owner | agent | status | took | estimate | attempts |
| --- | --- | --- | --- | --- | --- | --- |
| ask | asker | ada | completed | 4m | 10–15 min | 1 |
| fail | failing | fay | completed | 1s | 10–15 min | 2 |
| idle | zombie | zoe | completed | 26m | 10–15 min | 3 |

## Zombies

- idle: once

## Questions to specialists

- ask asked expert: Which token? (answered by exa)

## Decisions by people

- ask: Is \`any\` allowed? (approved by ann)

## Results

- ask: \`\`\` "uses \`any\` | all" \`\`\`
- idle: \`1\`
`);
});

test('a long result is cut in the Markdown and whole in the report', async () => {
  const simulation = await simulate({ planner: noReviser });
  simulation.hub.register({ id: 'dev', type: 'development', run: [{ return: 'x'.repeat(5000) }] });
  simulation.hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
  await simulation.settle();
  const report = simulation.hub.report('one');
  expect(report.subtasks[0]?.result).toHaveLength(5000);
  expect(reportMarkdown(report)).toMatch(/x{900,1000}…`\n$/);
});

test('a report that was handed out does not change any more', async () => {
  const simulation = await simulate({ planner: noReviser });
  const workers = team(simulation);
  simulation.hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
  await simulation.settle();
  workers.at('a').context.escalate('may I?');
  await simulation.settle();
  const before = simulation.hub.report('one');
  const copy = structuredClone(before);
  simulation.hub.cancelOrchestration('one');
  expect(before).toEqual(copy);
});

test('of an orchestration that nobody knows there is none', async () => {
  const { hub } = await simulate();
  expect(() => hub.report('one')).toThrow(expect.objectContaining({ code: 'unknownOrchestration' }));
});
