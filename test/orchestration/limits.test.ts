import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byHand, capabilityMatch } from '../../src/index.ts';
import { type Simulation, simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';

const limits = {
  build: { concurrency: 2 },
  deploy: { rate: { count: 3, perMs: 10_000 } },
  both: { concurrency: 1, rate: { count: 2, perMs: 7000 } },
};
const types = ['build', 'deploy', 'both', 'free'] as const;

/** When tasks of a type started, and when they ended. */
function lives(simulation: Simulation, type: string) {
  const ids = new Set(
    recordsOf(simulation, 'task.submit')
      .filter(({ payload }) => payload.type === type)
      .map(({ payload }) => payload.taskId),
  );
  const of = <R extends { payload: { taskId: string } }>(records: R[]) =>
    records.filter(({ payload }) => ids.has(payload.taskId));
  const ends = ['task.completed', 'task.failed', 'task.cancelled', 'task.retried', 'task.returned'] as const;
  return {
    starts: of(recordsOf(simulation, 'task.assigned')),
    ends: ends.flatMap((end) =>
      of(recordsOf(simulation, end)).filter(({ payload }) => !('agentId' in payload) || payload.agentId !== null),
    ),
  };
}

function mostAtOnce(simulation: Simulation, type: string): number {
  const { starts, ends } = lives(simulation, type);
  const moves = [...starts.map(({ seq }) => [seq, 1]), ...ends.map(({ seq }) => [seq, -1])].sort(
    ([a = 0], [b = 0]) => a - b,
  );
  let [running, most] = [0, 0];
  for (const [, by = 0] of moves) {
    running += by;
    most = Math.max(most, running);
  }
  return most;
}

/** Whether no stretch of time saw more starts than the bucket holds and what flows in meanwhile. */
function keepsTo({ count, perMs }: { count: number; perMs: number }, times: readonly number[]): boolean {
  return times.every((from, first) =>
    times.slice(first).every((to, more) => more + 1 <= count + ((to - from) * count) / perMs + 1e-6),
  );
}

const work = fc.record({
  type: fc.constantFrom(...types),
  language: fc.constantFrom('ts', 'go', undefined),
  priority: fc.integer({ min: 0, max: 9 }),
  delayMs: fc.integer({ min: 1, max: 20_000 }),
  ms: fc.integer({ min: 1, max: 5000 }),
  fails: fc.boolean(),
});

test('never more at once and never more in a while than the limits say, and everything is done (H4, I7)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(work, { minLength: 1, maxLength: 40 }), fc.boolean(), async (tasks, isMatching) => {
      const simulation = await simulate({ config: { limits }, ...(isMatching && { router: capabilityMatch() }) });
      const { hub } = simulation;
      const run = async (
        { payload, attempt }: { payload: unknown; attempt: number },
        { sleep }: { sleep(ms: number): Promise<void> },
      ) => {
        const { ms, fails } = payload as { ms: number; fails: boolean };
        await sleep(ms);
        if (fails && attempt === 1) throw new Error('no');
      };
      for (const [id, languages] of [
        ['a', ['ts']],
        ['b', ['go']],
        ['c', ['ts', 'go']],
        ['d', []],
      ] as const) {
        hub.register({ id, type: 'dev', languages, concurrency: 2, run });
      }
      for (const { type, language, priority, delayMs, ms, fails } of tasks) {
        hub.submit({
          type,
          payload: { ms, fails },
          metadata: { priority, delayMs },
          requirements: language === undefined ? {} : { languages: [language] },
        });
      }
      await simulation.run();
      expect(hub.projectState().counters).toMatchObject({ completed: tasks.length });
      expect(mostAtOnce(simulation, 'build')).toBeLessThanOrEqual(2);
      expect(mostAtOnce(simulation, 'both')).toBeLessThanOrEqual(1);
      for (const type of ['deploy', 'both'] as const) {
        expect(
          keepsTo(
            limits[type].rate,
            lives(simulation, type).starts.map(({ at }) => at),
          ),
        ).toBe(true);
      }
      await expectFoldEqual(simulation);
    }),
    { numRuns: 40 },
  );
});

test('room that is freed is used at once, whatever freed it', async () => {
  const simulation = await simulate({ config: { limits: { build: { concurrency: 1 } }, retry: { jitter: 0 } } });
  const { hub } = simulation;
  for (const id of ['a', 'b', 'c']) hub.register({ id, type: 'dev', run: [{ stall: true }] });
  const ids = ['t1', 't2', 't3', 't4'];
  for (const id of ids) hub.submit({ id, type: 'build' });
  const running = () => ids.filter((id) => hub.task(id)?.status === 'running' || hub.task(id)?.status === 'assigned');
  expect(running()).toEqual(['t1']);
  hub.cancel('t1');
  expect(running()).toEqual(['t2']);
  hub.unregister(hub.task('t2')?.agentId ?? '');
  expect(running()).toEqual(['t2']);
  hub.prioritise('t4', 9);
  hub.cancel('t2');
  expect(running()).toEqual(['t4']);
  await expectFoldEqual(simulation);
});

test('a task that waits to be tried again takes no room', async () => {
  const simulation = await simulate({ config: { limits: { build: { concurrency: 1 } }, retry: { jitter: 0 } } });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ work: 100 }, { fail: { message: 'no', times: 1 } }] });
  hub.register({ id: 'b', type: 'dev', run: [{ work: 100 }, { fail: { message: 'no', times: 1 } }] });
  for (const id of ['t1', 't2']) hub.submit({ id, type: 'build' });
  await simulation.advance(100);
  expect([hub.task('t1')?.state, hub.task('t2')?.state]).toEqual(['retrying', 'running.working']);
  await simulation.run();
  expect(mostAtOnce(simulation, 'build')).toBe(1);
  await expectFoldEqual(simulation);
});

test('W4: of tasks of one type that ask for different things, the first in the queue gets the room', async () => {
  const simulation = await simulate({ config: { limits: { build: { concurrency: 1 } } } });
  const { hub } = simulation;
  hub.register({ id: 'ts', type: 'dev', languages: ['ts'], run: [{ work: 100 }] });
  hub.register({ id: 'go', type: 'dev', languages: ['go'], run: [{ work: 100 }] });
  const submit = (id: string, language: string, priority: number) =>
    hub.submit({ id, type: 'build', metadata: { priority }, requirements: { languages: [language] } });
  submit('first', 'ts', 5);
  submit('low-ts', 'ts', 1);
  submit('high-go', 'go', 9);
  submit('middle-ts', 'ts', 5);
  submit('low-go', 'go', 1);
  await simulation.run();
  expect(recordsOf(simulation, 'task.assigned').map(({ payload }) => payload.taskId)).toEqual([
    'first',
    'high-go',
    'middle-ts',
    'low-ts',
    'low-go',
  ]);
  await expectFoldEqual(simulation);
});

test('W4: a token that comes goes to the first in the queue too', async () => {
  const simulation = await simulate({ config: { limits: { deploy: { rate: { count: 1, perMs: 1000 } } } } });
  const { hub } = simulation;
  for (const language of ['ts', 'go', 'c']) hub.register({ id: language, type: 'dev', languages: [language], run: [] });
  for (const [language, priority] of [
    ['ts', 9],
    ['ts', 1],
    ['go', 2],
    ['c', 3],
  ] as const) {
    hub.submit({
      id: `${language}-${priority}`,
      type: 'deploy',
      metadata: { priority },
      requirements: { languages: [language] },
    });
  }
  await simulation.run();
  expect(recordsOf(simulation, 'task.assigned').map(({ payload }) => payload.taskId)).toEqual([
    'ts-9',
    'c-3',
    'go-2',
    'ts-1',
  ]);
  await expectFoldEqual(simulation);
});

test('a type at its limit holds up no other type', async () => {
  const simulation = await simulate({ config: { limits: { build: { concurrency: 1 } } } });
  const { hub } = simulation;
  for (const id of ['a', 'b']) hub.register({ id, type: 'dev', run: [{ stall: true }] });
  for (const id of ['b1', 'b2', 'b3']) hub.submit({ id, type: 'build', metadata: { priority: 'critical' } });
  hub.submit({ id: 'other', type: 'test', metadata: { priority: 'low' } });
  await simulation.settle();
  expect([hub.task('other')?.status, hub.task('b2')?.status]).toEqual(['running', 'queued']);
});

test('tokens come one after the other, not all at the end of the while', async () => {
  const simulation = await simulate({ config: { limits: { deploy: { rate: { count: 3, perMs: 9000 } } } } });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', concurrency: 10, run: [] });
  const start = simulation.environment.now();
  for (let index = 0; index < 6; index++) hub.submit({ type: 'deploy' });
  await simulation.run();
  expect(recordsOf(simulation, 'task.assigned').map(({ at }) => at - start)).toEqual([0, 0, 0, 3000, 6000, 9000]);
  await expectFoldEqual(simulation);
});

test('by hand the limits hold as well: an assignment is refused with busy, and who pulls gets what may start', async () => {
  const simulation = await simulate({ router: byHand, config: { limits: { build: { concurrency: 1 } } } });
  const { hub } = simulation;
  for (const id of ['a', 'b', 'c']) hub.register({ id, type: 'dev', run: [{ stall: true }] });
  for (const id of ['b1', 'b2']) hub.submit({ id, type: 'build' });
  hub.submit({ id: 'other', type: 'test' });
  expect(hub.dequeue('a')?.id).toBe('b1');
  expect(refusal(() => hub.assign('b2', 'b'))).toMatchObject({ code: 'busy' });
  expect(hub.dequeue('b')?.id).toBe('other');
  expect(hub.dequeue('c')).toBeUndefined();
  hub.cancel('b1');
  expect(hub.dequeue('c')?.id).toBe('b2');
  await expectFoldEqual(simulation);
});
