/** Masters outside: what they are handed, and what becomes of what they answer. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Environment, realEnvironment } from '../../src/actors/environment.ts';
import { readPlan } from '../../src/hub/seed-format.ts';
import { coordinating, does, doParser, eventually, parserTask, project } from '../support/coordination-folder.ts';

/** The id of a process that is gone. */
const gonePid = spawnSync(process.execPath, ['-e', '0']).pid;

/** Waits until the folder was looked at from beginning to end: a task that is there now has its master. */
async function lookedTwice(at: ReturnType<typeof project>): Promise<void> {
  for (const _round of [1, 2]) {
    const [first, ...more] = at.json('task-queue.json').tasks;
    const id = `scan-${more.length}`;
    at.queue(first, ...more, { id, title: 'Scan repository for security vulnerabilities' });
    await eventually(() => at.json('task-queue.json').tasks.at(-1).assigned_to);
  }
}

const design = 'masters/development/results/parser-001-design.json';

test('a complex task is planned, handed over in order, and reported when its masters have answered', async () => {
  const at = project();
  at.queue(parserTask('task-7', { priority: 'high' }));
  await coordinating(at);

  const first = await eventually(() => at.handoff('development', 'parser-001-design'));
  expect(first).toEqual({
    handoff_id: 'to-development-subtask-parser-001-design',
    from: 'orchestrator',
    to: 'development',
    subtask_id: 'parser-001-design',
    parent_orchestration: 'orch-task-7',
    priority: 'high',
    context: {
      orchestration_context: 'Part of: Refactor the parser and deploy it',
      dependencies_completed: [],
      next_subtasks: ['parser-002-implement (waits for this)'],
      related_subtasks: [],
    },
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  });
  expect(at.json('orchestrator/subtasks/parser-001-design.json')).toMatchObject({
    parent_task_id: 'task-7',
    assigned_to: 'development',
  });
  expect(at.handoff('development', 'parser-002-implement')).toBeUndefined();

  at.answer('development', 'parser-001-design', { status: 'completed', result: { document: 'docs/parser.md' } });
  const second = await eventually(() => at.handoff('development', 'parser-002-implement'));
  expect(second.context).toMatchObject({
    dependencies_completed: ['parser-001-design'],
    dependency_results: { 'parser-001-design': { document: 'docs/parser.md' } },
    next_subtasks: ['parser-003-deploy (waits for this)'],
  });
  await eventually(() => at.json('orchestrator/state/current.json').current_orchestrations[0]?.current_stage === 2);
  expect(at.json('orchestrator/state/current.json')).toMatchObject({
    active_orchestrations: 1,
    current_orchestrations: [
      {
        orchestration_id: 'orch-task-7',
        status: 'in_progress',
        progress_percent: 33,
        active_subtasks: ['parser-002-implement'],
        health: 'healthy',
      },
    ],
  });
  expect(at.json('orchestrator/tasks/orch-task-7.json')).toMatchObject({
    status: 'in_progress',
    execution_plan: {
      stage_1: ['parser-001-design'],
      stage_2: ['parser-002-implement'],
      stage_3: ['parser-003-deploy'],
    },
    progress: {
      current_stage: 2,
      completed_subtasks: ['parser-001-design'],
      active_subtasks: ['parser-002-implement'],
    },
  });

  await does(at, 'development', 'parser-002-implement');
  await does(at, 'cicd', 'parser-003-deploy');
  await eventually(() => at.json('task-queue.json').tasks[0].status === 'completed');
  const plan = at.json('orchestrator/tasks/orch-task-7.json');
  expect(plan.status).toBe('completed');
  expect(readPlan(plan)).toMatchObject({ value: { subtasks: [{ id: 'parser-001-design' }, {}, {}] }, warnings: [] });
  expect(at.handoff('cicd', 'parser-003-deploy').status).toBe('completed');
  expect(at.read('orchestrator/reports/orch-task-7.md')).toContain('**completed**');
});

test('the events tell it in order, each once, with the number of its record', async () => {
  const at = project();
  at.queue(parserTask());
  const coordination = await coordinating(at);
  await doParser(at);
  await coordination.untilIdle();

  const events = at.events();
  expect(events.map(({ type }) => type)).toEqual([
    'orchestration_requested',
    'orchestration_started',
    ...[1, 2, 3].flatMap(() => ['stage_started', 'subtask_started', 'subtask_completed', 'stage_completed']),
    'orchestration_completed',
  ]);
  const seqs = events.map(({ seq }) => seq as number);
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
});

test('killed between handing over and saying so in the log, it does not hand over again (Ma1)', async () => {
  const at = project();
  at.queue(parserTask());
  const first = await coordinating(at);
  const handoff = await eventually(() => at.handoff('development', 'parser-001-design'));
  await first.stop();
  const lines = at.read('orchestrator/log.jsonl').split('\n');
  let end = lines.findIndex((line) => line.includes('"task.progressed"'));
  while (lines[end - 1]?.endsWith(' ')) end--; // Appends are there whole or not at all.
  at.write('orchestrator/log.jsonl', `${lines.slice(0, end).join('\n')}\n`);
  at.answer('development', 'parser-001-design', { status: 'completed', result: 'of the first' });
  const { hub } = await coordinating(at);
  await eventually(() => at.handoff('development', 'parser-002-implement'));

  expect(at.handoff('development', 'parser-001-design')).toEqual({ ...handoff, status: 'completed' });
  expect(hub.report('orch-task-1').subtasks[0]?.result).toBe('of the first');
});

describe('an answer', () => {
  test('on the way is progress, and goes on to the hub once for each change', async () => {
    const at = project();
    at.queue(parserTask());
    const { hub } = await coordinating(at);
    const progress = () => hub.tasks().find(({ id }) => id.includes('parser-001'))?.progress;
    await eventually(() => at.handoff('development', 'parser-001-design'));

    at.answer('development', 'parser-001-design', { status: 'in_progress', progress: 40, note: 'drafted' });
    await eventually(() => progress()?.percent === 40);
    expect(progress()?.note).toBe('drafted');
    at.answer('development', 'parser-001-design', { status: 'in_progress', progress: { percent: 80 } });
    await eventually(() => progress()?.percent === 80);
  });

  test('that is half-written is told once, with file and line, and read when it is whole (An2)', async () => {
    const at = project();
    at.queue(parserTask());
    const { notices } = await coordinating(at);
    await eventually(() => at.handoff('development', 'parser-001-design'));
    at.write(design, '{\n  "status": "comp');
    await eventually(() => notices.length > 0);
    at.answer('development', 'parser-001-design', { status: 'completed' });
    await eventually(() => at.handoff('development', 'parser-002-implement'));

    expect(notices).toEqual([expect.stringContaining(`coordination/${design}:2: not JSON, or not yet`)]);
  });

  test.each([
    [{ status: 'done' }, 'status: '],
    [{ result: 1 }, 'status: '],
    [[], 'expected a mapping of fields'],
    [{ status: 'completed', retry_count: 7 }, 'there was no attempt with retry_count 7'],
    [{ status: 'in_progress', progress: 400 }, 'progress: '],
  ])('that means nothing, %j, is told, and waiting goes on', async (answer, told) => {
    const at = project();
    at.queue(parserTask());
    const { notices, hub } = await coordinating(at);
    await eventually(() => at.handoff('development', 'parser-001-design'));
    at.answer('development', 'parser-001-design', answer);
    await eventually(() => notices.length > 0);

    expect(notices[0]).toContain(told);
    expect(hub.orchestrations().current[0]?.activeSubtasks).toEqual(['parser-001-design']);
  });

  test('that leads out of the project is not read', async () => {
    const at = project();
    at.queue(parserTask());
    const { notices, hub } = await coordinating(at);
    await eventually(() => at.handoff('development', 'parser-001-design'));
    const outside = project();
    outside.write('answer.json', { status: 'completed' });
    const { symlinkSync } = await import('node:fs');
    symlinkSync(outside.path('answer.json'), at.path(design));
    await eventually(() => notices.length > 0);

    expect(notices[0]).toContain('leads out of');
    expect(hub.orchestrations().current[0]?.activeSubtasks).toEqual(['parser-001-design']);
  });
});

describe('a failure', () => {
  test('is tried again: the handoff says so, and the old answer is set aside', async () => {
    const at = project();
    at.queue(parserTask());
    await coordinating(at);
    await does(at, 'development', 'parser-001-design', { status: 'failed', error: 'the compiler crashed' });
    const again = await eventually(() => {
      const found = at.handoff('development', 'parser-001-design');
      return found?.retry_count === 1 ? found : undefined;
    });

    expect(again).toMatchObject({ retry_reason: 'the compiler crashed' });
    expect(again.status).toBeUndefined();
    expect(at.names('masters/development/results')).toEqual(['set-aside']);
    expect(at.json('masters/development/results/set-aside/parser-001-design.0.json').status).toBe('failed');
    at.answer('development', 'parser-001-design', { status: 'completed', retry_count: 1 });
    await eventually(() => at.handoff('development', 'parser-002-implement'));
  });

  test('an answer to the attempt before does not count for the next (An1)', async () => {
    const at = project();
    at.queue(parserTask());
    const { hub, notices } = await coordinating(at);
    await does(at, 'development', 'parser-001-design', { status: 'failed' });
    await eventually(() => at.handoff('development', 'parser-001-design')?.retry_count === 1);
    at.answer('development', 'parser-001-design', { status: 'completed', result: 'late', retry_count: 0 });
    await eventually(() => notices.length > 0);

    expect(notices[0]).toContain('an answer of development came too late and is set aside');
    expect(hub.orchestrations().current[0]?.activeSubtasks).toEqual(['parser-001-design']);
    expect(at.exists(design)).toBe(false);
  });

  test('is tried twice again, and then a person is asked; after their retry it has its attempts anew (Ma3)', async () => {
    const at = project();
    at.queue(parserTask());
    const { hub } = await coordinating(at, { config: { retry: { backoffMs: 1 }, breaker: { failures: 100 } } });
    const fails = (retries: number) =>
      eventually(() => {
        const found = at.handoff('development', 'parser-001-design');
        if (found === undefined || found.status !== undefined) return false;
        const { retry_count = 0 } = found;
        if (retry_count !== retries) return false;
        at.answer('development', 'parser-001-design', { status: 'failed', error: 'no idea', retry_count });
        return true;
      });
    for (const retries of [0, 1, 2]) await fails(retries);
    const [gate] = await eventually(() => (hub.gates().length > 0 ? hub.gates() : undefined));
    expect(at.handoff('development', 'parser-001-design').retry_count).toBe(2);

    at.write(`orchestrator/decisions/${gate?.id}.json`, { decision: 'retry' });
    for (const retries of [3, 4]) await fails(retries);
    await eventually(() => at.handoff('development', 'parser-001-design').retry_count === 5);
    expect(hub.gates()).toEqual([]);
  });

  test('that would be the same again is not tried again', async () => {
    const at = project();
    at.queue(parserTask());
    const { hub } = await coordinating(at);
    await does(at, 'development', 'parser-001-design', { status: 'failed', error: 'no such parser', retryable: false });
    await eventually(() => hub.gates()[0]);

    expect(hub.report('orch-task-1').subtasks[0]).toMatchObject({ status: 'blocked', failures: ['no such parser'] });
  });
});

describe('a worker', () => {
  const worker = (at: ReturnType<typeof project>, fields: object) =>
    at.write('worker-specs/active/worker-1.json', {
      worker_id: 'worker-1',
      subtask_id: 'parser-001-design',
      ...fields,
    });

  test('that was seen and then is silent is given up, and the subtask is handed over again', async () => {
    const at = project();
    at.queue(parserTask());
    await coordinating(at, { silenceMs: 150 });
    await eventually(() => at.handoff('development', 'parser-001-design'));
    worker(at, { last_heartbeat: new Date().toISOString() });

    const again = await eventually(() => {
      const found = at.handoff('development', 'parser-001-design');
      return found?.retry_count === 1 ? found : undefined;
    });
    expect(again.retry_reason).toBe('worker worker-1: no sign of life for 150ms');
  });

  test('that touches its file lives', async () => {
    const at = project();
    at.queue(parserTask());
    await coordinating(at, { silenceMs: 400 });
    await eventually(() => at.handoff('development', 'parser-001-design'));
    worker(at, {});
    const start = Date.now();
    await eventually(() => {
      const now = Date.now();
      utimesSync(at.path('worker-specs/active/worker-1.json'), now / 1000, now / 1000);
      return now - start > 1200;
    });

    expect(at.handoff('development', 'parser-001-design').retry_count).toBeUndefined();
    await does(at, 'development', 'parser-001-design');
    await eventually(() => at.handoff('development', 'parser-002-implement'));
  });

  test('whose process is gone is lost at once', async () => {
    const at = project();
    at.queue(parserTask());
    await coordinating(at);
    await eventually(() => at.handoff('development', 'parser-001-design'));
    worker(at, { pid: gonePid, last_heartbeat: new Date().toISOString() });

    const again = await eventually(() => {
      const found = at.handoff('development', 'parser-001-design');
      return found?.retry_count === 1 ? found : undefined;
    });
    expect(again.retry_reason).toBe(`worker worker-1: its process ${gonePid} is gone`);
  });

  test.each([
    ['that is there', { pid: process.pid, host: hostname() }],
    ['of another machine, which cannot be looked at from here', { pid: gonePid, host: 'elsewhere' }],
    ['that is none', { pid: 'seven' }],
  ])('with a process %s lives', async (_what, fields) => {
    const at = project();
    at.queue(parserTask());
    await coordinating(at);
    await eventually(() => at.handoff('development', 'parser-001-design'));
    worker(at, fields);
    await lookedTwice(at);

    expect(at.handoff('development', 'parser-001-design').retry_count).toBeUndefined();
  });

  test('that has answered before its process was gone is done', async () => {
    const at = project();
    at.queue(parserTask());
    const { hub } = await coordinating(at);
    await eventually(() => at.handoff('development', 'parser-001-design'));
    at.answer('development', 'parser-001-design', { status: 'completed', result: 'its last words' });
    worker(at, { pid: gonePid });
    await eventually(() => at.handoff('development', 'parser-002-implement'));

    expect(hub.report('orch-task-1').subtasks[0]).toMatchObject({ result: 'its last words', failures: [] });
  });

  test('from before the handoff says nothing about it', async () => {
    const at = project();
    worker(at, { last_heartbeat: '2020-01-01T00:00:00Z' });
    utimesSync(at.path('worker-specs/active/worker-1.json'), 1, 1);
    at.queue(parserTask());
    const { hub } = await coordinating(at, { silenceMs: 1 });
    await does(at, 'development', 'parser-001-design', { status: 'in_progress', progress: 40 });
    await eventually(() => hub.tasks().some(({ progress }) => progress?.percent === 40));
    await does(at, 'development', 'parser-001-design');
    await eventually(() => at.handoff('development', 'parser-002-implement'));

    expect(hub.report('orch-task-1').subtasks[0]?.failures).toEqual([]);
  });
});

describe('a subtask whose files are being changed', () => {
  const file = (at: ReturnType<typeof project>) => join(at.directory, 'src', 'parser.ts');

  /** The parser's second subtask, which changes `src/parser.ts`, on a clock that can be put forward. */
  async function changing() {
    const at = project();
    mkdirSync(join(at.directory, 'src'));
    writeFileSync(file(at), '');
    at.queue(parserTask('task-1', { files: ['src/parser.ts'] }));
    const real = realEnvironment();
    let skew = 0;
    const now = () => real.now() + skew;
    const wakeAt: Environment['wakeAt'] = (time, wake) => real.wakeAt(time - skew, wake);
    const coordination = await coordinating(at, { environment: { ...real, now, wakeAt } });
    await does(at, 'development', 'parser-001-design');
    await eventually(() => at.handoff('development', 'parser-002-implement'));
    const later = (ms: number) => {
      skew += ms;
    };
    return { at, ...coordination, now, later, change: () => utimesSync(file(at), now() / 1000, now() / 1000) };
  }

  test('makes progress, and what its master said of it stays', async () => {
    const { at, hub, now, later, change } = await changing();
    at.answer('development', 'parser-002-implement', { status: 'in_progress', progress: 40, note: 'drafted' });
    const progress = () => hub.tasks().find(({ id }) => id.includes('parser-002'))?.progress;
    await eventually(() => progress()?.percent === 40);
    later(60_000);
    const before = now();
    change();
    await eventually(() => (progress()?.at ?? 0) >= before);

    expect(progress()).toMatchObject({ percent: 40, note: 'drafted' });
  });

  test('has a worker that lives, although its own file is silent', async () => {
    const { at, later, change } = await changing();
    at.write('worker-specs/active/worker-1.json', { subtask_id: 'parser-002-implement' });
    await lookedTwice(at);
    later(170_000);
    change();
    await lookedTwice(at);
    later(170_000);
    await lookedTwice(at);
    expect(at.handoff('development', 'parser-002-implement').retry_count).toBeUndefined();

    later(170_000);
    await eventually(() => at.handoff('development', 'parser-002-implement').retry_count === 1);
  });
});

test('a zombie: without progress the handoff is made anew, and the late answer becomes a dead letter', async () => {
  const at = project();
  at.queue(parserTask());
  const { hub } = await coordinating(at, { config: { orchestration: { noProgressMs: 150, maxAttempts: 100 } } });
  await eventually(() => (at.handoff('development', 'parser-001-design')?.retry_count ?? 0) >= 1);
  at.answer('development', 'parser-001-design', { status: 'completed', result: 'late', retry_count: 0 });
  const letter = await eventually(() => hub.deadLetters().find(({ messageType }) => messageType === 'task.result'));

  expect(letter).toMatchObject({ reason: 'staleLease', payload: { result: 'late' } });
  expect(at.events().some(({ type }) => type === 'zombie_detected')).toBe(true);
});

test('zombies count as failures: a person is asked in the end (Ma3)', async () => {
  const at = project();
  at.queue(parserTask());
  const { hub } = await coordinating(at, { config: { orchestration: { noProgressMs: 50, maxAttempts: 2 } } });
  const [gate] = await eventually(() => (hub.gates().length > 0 ? hub.gates() : undefined));

  expect(gate?.reason).toContain('2 attempts, the last: it made no progress for too long');
  expect(hub.report('orch-task-1').subtasks[0]?.zombies).toBe(2);
});

test('what is cancelled is withdrawn', async () => {
  const at = project();
  at.queue(parserTask());
  const { hub } = await coordinating(at);
  await eventually(() => at.handoff('development', 'parser-001-design'));
  hub.cancelOrchestration('orch-task-1', 'not wanted any more');
  await eventually(() => at.handoff('development', 'parser-001-design')?.status === 'withdrawn');

  await eventually(() => at.json('task-queue.json').tasks[0].status === 'cancelled');
  expect(at.json('orchestrator/tasks/orch-task-1.json')).toMatchObject({
    status: 'cancelled',
    failure_reason: 'not wanted any more',
  });
});

test('a folder in masters is a master', async () => {
  const at = project();
  at.write('masters/quality/.keep', '');
  at.write('masters/README.md', 'no master');
  at.write('masters/No Master!/x', '');
  const { hub } = await coordinating(at);
  await eventually(() => hub.agents({ type: 'quality' })[0]);

  expect(
    hub
      .agents()
      .map(({ type }) => type)
      .sort(),
  ).toEqual(['cicd', 'development', 'inventory', 'quality', 'security']);
});
