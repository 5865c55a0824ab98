/** People decide, in files, about what cannot be done. */
import { describe, expect, test } from 'vitest';
import type { AgentContext } from '../../src/actors/driver.ts';
import { coordinating, does, eventually, parserTask, project } from '../support/coordination-folder.ts';

/** The parser task, whose first subtask waits for a person. */
async function blocked() {
  const at = project();
  at.queue(parserTask());
  const coordination = await coordinating(at);
  await does(at, 'development', 'parser-001-design', { status: 'failed', error: 'no idea', retryable: false });
  const [waiting] = await eventually(() => at.json('orchestrator/state/current.json').waiting_for_decision);
  const place = waiting.decide_in.replace('coordination/', '');
  return { at, ...coordination, waiting, decide: (decision: unknown) => at.write(place, decision) };
}

test('the state says what there is to decide, and where', async () => {
  const { at, waiting } = await blocked();

  expect(waiting).toEqual({
    gate_id: expect.any(String),
    reason: expect.stringContaining('no idea'),
    decisions: ['retry', 'skip', 'replace', 'abort'],
    decide_in: `coordination/orchestrator/decisions/${waiting.gate_id}.json`,
  });
  expect(at.json('orchestrator/state/current.json').current_orchestrations).toMatchObject([
    {
      status: 'blocked',
      blocked_subtasks: ['parser-001-design'],
      health: 'blocked',
      orchestration_status: 'blocked',
      blocking_subtask: 'parser-001-design',
      failure_reason: waiting.reason,
      escalation: `Notifying user for manual intervention, in ${waiting.decide_in}`,
    },
  ]);
});

test('retry hands it over again, with its attempts anew', async () => {
  const { at, decide } = await blocked();
  decide({ decision: 'retry', by: 'ann' });
  const again = await eventually(() => {
    const found = at.handoff('development', 'parser-001-design');
    return found?.status === undefined ? found : undefined;
  });

  expect(again).toMatchObject({ retry_count: 1, retry_reason: 'ann asked for another try' });
  await does(at, 'development', 'parser-001-design');
  await eventually(() => at.handoff('development', 'parser-002-implement'));
});

test('skip goes on without it', async () => {
  const { at, decide } = await blocked();
  decide({ decision: 'skip', by: 'ann' });
  await eventually(() => at.handoff('development', 'parser-002-implement'));
  await eventually(() => at.json('orchestrator/subtasks/parser-001-design.json').status === 'skipped');
  const state = () => at.json('orchestrator/state/current.json').current_orchestrations[0];
  await eventually(() => state().status === 'in_progress' && state().orchestration_status === undefined);
});

test('replace puts others in its place, which get files of their own', async () => {
  const { at, decide } = await blocked();
  const template = {
    assigned_to: 'development',
    estimated_duration_minutes: 5,
    estimated_tokens: 100,
    success_criteria: 'It is written down',
  };
  decide({
    decision: 'replace',
    by: 'ann',
    subtasks: [
      { subtask_id: 'parser-001-design', title: 'Design the lexer', ...template },
      { subtask_id: 'nul', title: 'Design the grammar', ...template, dependencies: ['parser-001-design'] },
    ],
  });
  await does(at, 'development', 'parser-001-design-2');
  await does(at, 'development', 'x-nul');
  await eventually(() => at.handoff('development', 'parser-002-implement'));

  expect(at.json('orchestrator/subtasks/x-nul.json')).toMatchObject({ dependencies: ['parser-001-design-2'] });
  expect(at.json('orchestrator/subtasks/parser-001-design.json')).toMatchObject({
    status: 'replaced',
    retry_reason: 'no idea',
    retry_modifications: 'ann put 2 in its place: parser-001-design-2, x-nul',
  });
});

test('abort ends it', async () => {
  const { at, decide, hub } = await blocked();
  decide({ decision: 'abort', by: 'ann' });
  await eventually(() => at.json('task-queue.json').tasks[0].status === 'failed');

  expect(hub.orchestrations()).toMatchObject({ active: 0, failed: 1 });
});

describe('what is no decision', () => {
  test.each([
    ['{ "decision": ', 'not JSON, or not yet'],
    [{ decision: 'perhaps' }, 'decision: expected one of retry, skip, replace, abort'],
    [{ decision: 'replace' }, 'subtasks: expected the subtasks that replace it'],
    [{ decision: 'replace', subtasks: [{ title: 'no id' }] }, 'subtask'],
    [{ decision: 'skip', by: 'development-master' }, 'development-master is an agent'],
  ])('%j is told, and the question stays open', async (decision, told) => {
    const { decide, notices, hub } = await blocked();
    decide(decision);
    await eventually(() => notices.find((text) => text.includes(told)));

    expect(hub.gates()).toHaveLength(1);
  });
});

test('what somebody decides who may not is refused once, and the log does not grow', async () => {
  const at = project();
  at.queue(parserTask());
  const asks = async (_task: unknown, context: AgentContext) => {
    await context.escalate('Deploy?', null, { approvers: ['ann'] }).outcome;
    return 'deployed';
  };
  const { hub, notices } = await coordinating(at, { agents: [{ id: 'dev-1', type: 'development', run: asks }] });
  const gate = await eventually(() => hub.gates()[0]);
  at.write(`orchestrator/decisions/${gate.id}.json`, { decision: 'approve', by: 'bob' });
  await eventually(() => notices.find((text) => text.includes('bob')));
  for (const id of ['task-2', 'task-3']) {
    at.queue(parserTask(), { id, title: 'Scan repository for security vulnerabilities' });
    await eventually(() => at.json('task-queue.json').tasks[1].assigned_to); // The second is of a later look.
  }
  expect(hub.deadLetters()).toHaveLength(1);

  at.write(`orchestrator/decisions/${gate.id}.json`, { decision: 'approve', by: 'ann' });
  await eventually(() => hub.gates()[0]?.id !== gate.id);
});

test('a replacement that is refused uses up no names', async () => {
  const { at, decide, notices } = await blocked();
  const sketch = {
    subtask_id: 'sketch',
    title: 'Sketch it',
    estimated_duration_minutes: 5,
    estimated_tokens: 100,
    success_criteria: 'It is written down',
  };
  decide({ decision: 'replace', by: 'ann', subtasks: [{ ...sketch, assigned_to: 'nobody' }] });
  await eventually(() => notices.find((text) => text.includes('nobody')));
  decide({ decision: 'replace', by: 'ann', subtasks: [{ ...sketch, assigned_to: 'development' }] });
  await does(at, 'development', 'sketch');
  await eventually(() => at.handoff('development', 'parser-002-implement'));

  expect(at.exists('orchestrator/subtasks/sketch-2.json')).toBe(false);
});
