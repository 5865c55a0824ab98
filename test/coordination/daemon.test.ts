/** The command as a daemon: real processes that are killed, asked to stop, and started again. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Built, build, type Running, start } from '../support/built-command.ts';
import { does, eventually, type Project, parserTask, project } from '../support/coordination-folder.ts';

let built: Built;
beforeAll(() => {
  built = build();
}, 120_000);
afterAll(() => built.remove());

const config = (at: Project): string => {
  const path = join(at.directory, 'hub.yaml');
  writeFileSync(path, 'retry: { backoffMs: 1 }\n');
  return path;
};
const daemon = (at: Project, ...args: readonly string[]): Running =>
  start(built, 'coordinate', at.directory, '--json', '--config', config(at), ...args);

/** What is in the log, whoever wrote it. */
const logOf = (at: Project): { type: string; payload: { [key: string]: unknown } }[] =>
  at
    .read('orchestrator/log.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const count = (at: Project, type: string) => logOf(at).filter((record) => record.type === type).length;

describe('killed and started again', () => {
  test('at every step: it goes on where it was, and nothing is done twice (Co2, Ma1)', async () => {
    const at = project();
    at.queue(parserTask('task-1'));
    const steps = [
      ['development', 'parser-001-design'],
      ['development', 'parser-002-implement'],
      ['cicd', 'parser-003-deploy'],
    ] as const;
    let running = daemon(at);
    for (const [master, subtask] of steps) {
      const handoff = await eventually(() => at.handoff(master, subtask));
      running.child.kill('SIGKILL');
      await running.ended;
      // The answer comes while nobody is there.
      await does(at, master, subtask);
      running = daemon(at);
      await eventually(() => at.handoff(master, subtask)?.status === 'completed');
      expect(at.handoff(master, subtask)).toEqual({ ...handoff, status: 'completed' });
      running.child.kill('SIGKILL');
      await running.ended;
      running = daemon(at);
    }
    await eventually(() => at.json('task-queue.json').tasks[0].status === 'completed');

    expect(count(at, 'orchestration.request')).toBe(1);
    expect(
      logOf(at).flatMap(({ type, payload }) =>
        type === 'task.completed' ? [payload.subtaskId ?? String(payload.taskId).split('.')[1]] : [],
      ),
    ).toEqual(steps.map(([, subtask]) => subtask));
    expect(count(at, 'task.error') + count(at, 'deadletter.added')).toBe(0);
    const types = at.events().map(({ type, seq }) => `${type} ${seq}`);
    expect(types).toEqual([...new Set(types)]);
    expect(at.events().filter(({ type }) => type === 'subtask_completed')).toHaveLength(3);
    expect(at.names('masters/development/results')).toEqual(['parser-001-design.json', 'parser-002-implement.json']);
  }, 60_000);

  test('a handoff that its master has taken away is not made again', async () => {
    const at = project();
    at.queue(parserTask());
    const first = daemon(at);
    await eventually(() => at.handoff('development', 'parser-001-design'));
    await eventually(() => count(at, 'task.progressed') > 0);
    first.child.kill('SIGKILL');
    await first.ended;
    const taken = 'masters/development/handoffs/to-development-subtask-parser-001-design.json';
    const { renameSync } = await import('node:fs');
    renameSync(at.path(taken), join(at.directory, 'taken.json'));

    const second = daemon(at);
    await eventually(() => count(at, 'task.assigned') === 2);
    at.answer('development', 'parser-001-design', { status: 'completed' });
    await eventually(() => at.handoff('development', 'parser-002-implement'));
    expect(at.exists(taken)).toBe(false);
    expect(second.stderr()).toBe('');
  }, 60_000);

  test('whenever it is killed, the outcome is the same', async () => {
    const at = project();
    at.queue(...['a', 'b', 'c', 'd'].map((id) => parserTask(id)));
    const agents = join(at.directory, 'agents.yaml');
    writeFileSync(
      agents,
      'agents:\n  - { id: dev, type: development, concurrency: 4, script: [{ work: 30ms }] }\n  - { id: ops, type: cicd, concurrency: 4, script: [{ work: 30ms }] }\n',
    );
    const isOver = () =>
      at.json('task-queue.json').tasks.every(({ status }: { status: string }) => status === 'completed');
    for (let round = 0; round < 40 && !isOver(); round++) {
      const before = at.exists('orchestrator/log.jsonl') ? logOf(at).length : 0;
      const running = daemon(at, '--agents', agents);
      await eventually(
        () => isOver() || at.read('orchestrator/log.jsonl').split('\n').length - 1 > before + 15 + round,
      );
      running.child.kill('SIGKILL');
      await running.ended;
    }

    expect(at.json('task-queue.json').tasks.map(({ status }: { status: string }) => status)).toEqual(
      Array(4).fill('completed'),
    );
    expect(count(at, 'orchestration.completed')).toBe(4);
    expect(count(at, 'task.completed')).toBe(12);
    const last = daemon(at, '--once', '--agents', agents);
    expect(await last.ended).toBe(0);
    const events = at.events().filter(({ type }) => type === 'subtask_completed');
    expect(new Set(events.map(({ subtask_id }) => subtask_id)).size).toBe(12);
    expect(events).toHaveLength(12);
    expect(at.json('orchestrator/state/current.json')).toMatchObject({
      active_orchestrations: 0,
      completed_orchestrations: 4,
    });
  }, 120_000);
});

describe('asked to stop', () => {
  const agents = (at: Project, work: string): string => {
    const path = join(at.directory, 'agents.yaml');
    writeFileSync(
      path,
      `agents:\n  - { id: dev, type: development, script: [{ progress: { percent: 1 } }, { work: ${work} }] }\n`,
    );
    return path;
  };
  const isAtWork = (at: Project) =>
    logOf(at).some(({ type, payload }) => type === 'task.progressed' && payload.percent === 1);

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s, what is at work finishes, nothing new begins, and it exits with 0',
    async (signal) => {
      const at = project();
      at.queue(parserTask());
      const running = daemon(at, '--agents', agents(at, '700ms'));
      await eventually(() => at.exists('orchestrator/log.jsonl') && isAtWork(at));
      running.child.kill(signal);
      expect(await running.ended).toBe(0);

      expect(count(at, 'task.completed')).toBe(1);
      expect(count(at, 'task.assigned')).toBe(1);
      expect(logOf(at).at(-1)).toMatchObject({ type: 'hub.stopped', payload: { reason: 'it was asked to stop' } });
      expect(at.json('orchestrator/subtasks/parser-001-design.json').status).toBe('completed');
      expect(at.exists('orchestrator/lock.json')).toBe(false);
      daemon(at, '--agents', agents(at, '1ms'));
      await eventually(() => at.handoff('cicd', 'parser-003-deploy'));
    },
    60_000,
  );

  test('what does not finish within the grace goes on after the next start, and its handoff stands', async () => {
    const at = project();
    at.queue(parserTask());
    const running = daemon(at, '--grace', '50ms');
    const handoff = await eventually(() => at.handoff('development', 'parser-001-design'));
    await eventually(() => count(at, 'task.progressed') > 0);
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(at.handoff('development', 'parser-001-design')).toEqual(handoff);

    at.answer('development', 'parser-001-design', { status: 'completed' });
    daemon(at);
    await eventually(() => at.handoff('development', 'parser-002-implement'));
  }, 60_000);

  test('twice, it stops at once', async () => {
    const at = project();
    at.queue(parserTask());
    const running = daemon(at, '--grace', '1h');
    await eventually(() => at.handoff('development', 'parser-001-design'));
    running.child.kill('SIGTERM');
    await eventually(() => count(at, 'hub.pause') === 1);
    running.child.kill('SIGINT');

    expect(await running.ended).toBe('SIGINT');
    daemon(at);
    await does(at, 'development', 'parser-001-design');
    await eventually(() => at.handoff('development', 'parser-002-implement'));
  }, 60_000);
});

test('a second one on the same folder is refused, and the first goes on', async () => {
  const at = project();
  at.queue(parserTask());
  daemon(at);
  await eventually(() => at.handoff('development', 'parser-001-design'));
  const second = daemon(at);

  expect(await second.ended).toBe(2);
  expect(JSON.parse(second.stderr())).toMatchObject({
    error: { code: 'conflict', message: expect.stringContaining('coordinates this folder') },
  });
  await does(at, 'development', 'parser-001-design');
  await eventually(() => at.handoff('development', 'parser-002-implement'));
}, 60_000);

test('of several that are started at once over the lock of one that was killed, one goes on', async () => {
  const at = project();
  at.queue(parserTask());
  const first = daemon(at);
  await eventually(() => at.handoff('development', 'parser-001-design'));
  first.child.kill('SIGKILL');
  await first.ended;
  const others = [1, 2, 3, 4].map(() => daemon(at));
  const codes: unknown[] = [];
  for (const { ended } of others) void ended.then((code) => codes.push(code));
  await eventually(() => codes.length === 3);

  expect(codes).toEqual([2, 2, 2]);
  await does(at, 'development', 'parser-001-design');
  await eventually(() => at.handoff('development', 'parser-002-implement'));
}, 60_000);

test('--json prints the lines of the events, and nothing else', async () => {
  const at = project();
  at.queue(parserTask(), { id: 'simple', title: 'Fix the typo in src/login.ts', status: 'pending' });
  const running = daemon(at);
  await does(at, 'development', 'parser-001-design');
  await eventually(() => at.handoff('development', 'parser-002-implement'));
  running.child.kill('SIGKILL');
  await running.ended;

  expect(running.stdout().trimEnd().split('\n')).toEqual(
    at.read('dashboard-events.jsonl').split('\n').slice(0, running.stdout().trimEnd().split('\n').length),
  );
  expect(running.stdout()).toContain('"type":"subtask_completed"');
}, 60_000);
