/** The example of the task orchestrator's description, from the request to the report, with the rule planner. */
import { expect, test } from 'vitest';
import { reportMarkdown } from '../../src/hub/orchestration-report.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';

async function done() {
  const simulation = await simulate();
  const { hub } = simulation;
  for (const id of ['dev-1', 'dev-2']) {
    hub.register({ id, type: 'development', run: [{ work: '12m' }, { return: `by ${id}` }] });
  }
  hub.register({ id: 'sec-1', type: 'security', run: [{ work: '10m' }, { return: { findings: 0 } }] });
  const handle = hub.orchestrate({ title: 'Add authentication system with security audit and documentation' });
  await simulation.run();
  return { ...simulation, handle, outcome: await handle.result };
}

test('it is taken apart into six subtasks in five stages, and all of them are done', async () => {
  const { outcome } = await done();
  expect(outcome.status).toBe('completed');
  const { stages, subtasks } = outcome.report;
  expect(stages.map((stage) => stage.subtasks.length)).toEqual([1, 2, 1, 1, 1]);
  expect(subtasks.map(({ owner }) => owner)).toEqual([
    'development',
    'development',
    'development',
    'development',
    'security',
    'development',
  ]);
  expect(subtasks.every(({ status }) => status === 'completed')).toBe(true);
});

test('the log has every step, from the analysis to the end', async () => {
  const simulation = await done();
  const [analysed] = recordsOf(simulation, 'orchestration.analysed');
  expect(analysed?.payload).toMatchObject({ complexity: 'complex', masters: ['development', 'security'] });
  expect(recordsOf(simulation, 'orchestration.stageStarted').map(({ payload }) => payload.stage)).toEqual([
    1, 2, 3, 4, 5,
  ]);
  const ids = new Set(recordsOf(simulation, 'orchestration.request').map(({ correlationId }) => correlationId));
  for (const record of recordsOf(simulation, 'task.completed')) expect(ids.has(record.correlationId)).toBe(true);
  await expectFoldEqual(simulation);
});

test('two developers are at the second stage at once, and the stages before and after have it to themselves', async () => {
  const { outcome } = await done();
  const [, second, third] = outcome.report.stages;
  const minutes = (ms: number | null | undefined) => (ms ?? 0) / 60_000;
  expect(minutes((second?.finishedAt ?? 0) - (second?.startedAt ?? 0))).toBe(12);
  expect(third?.startedAt).toBe(second?.finishedAt);
  expect(minutes((outcome.report.finishedAt ?? 0) - outcome.report.requestedAt)).toBe(58);
});

test('the report as Markdown has what was asked, the stages, who did what, and times against estimates', async () => {
  const { outcome } = await done();
  const lines = reportMarkdown(outcome.report).split('\n');
  expect(lines[0]).toBe('# Add authentication system with security audit and documentation');
  expect(lines).toContainEqual(expect.stringMatching(/^\*\*completed\*\* · 58m \(estimated \d+–\d+ minutes\)$/));
  expect(lines.filter((line) => /^\d\. /.test(line))).toHaveLength(5);
  expect(lines).toContainEqual(
    expect.stringMatching(/\| security \| sec-1 \| completed \| 10m \| \d+–\d+ min \| 1 \|/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/: `\{"findings":0\}`$/));
});

test('the handle tells what became of it, and there is nothing left to cancel', async () => {
  const { handle, hub } = await done();
  await handle.accepted;
  expect(handle.actor?.getSnapshot().value).toBe('completed');
  expect(handle.cancel()).toBe(false);
  expect(hub.orchestrations()).toMatchObject({ active: 0, total: 1, completed: 1, current: [] });
});
