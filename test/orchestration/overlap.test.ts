import { expect, test } from 'vitest';
import { type Simulation, simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';

const minute = 60_000;

/** Four minutes of a schedule every minute whose tasks take 150 s each. */
async function fourMinutes(
  overlap: 'skip' | 'queue' | 'replace' | undefined,
  concurrency: number,
): Promise<Simulation> {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', concurrency, run: [{ work: 150_000 }] });
  hub.schedule({ id: 's', everyMs: minute, ...(overlap && { overlap }), task: { type: 'check' } });
  await simulation.advance(4 * minute);
  await expectFoldEqual(simulation);
  return simulation;
}

const minutesOf = (simulation: Simulation, type: 'schedule.fired' | 'schedule.skipped' | 'task.cancelled') =>
  recordsOf(simulation, type).map(({ at }) => (at - (simulation.records()[0]?.at ?? 0)) / minute);

test.each([undefined, 'skip'] as const)(
  'overlap %s: what is due while the one before is not finished is left out',
  async (overlap) => {
    const simulation = await fourMinutes(overlap, 2);
    expect(minutesOf(simulation, 'schedule.fired')).toEqual([1, 4]);
    expect(minutesOf(simulation, 'schedule.skipped')).toEqual([2, 3]);
    const [skipped] = recordsOf(simulation, 'schedule.skipped');
    expect(skipped?.payload).toMatchObject({ missed: 1, reason: expect.stringMatching(/^s:\d+ is not finished$/) });
  },
);

test('overlap queue: it is submitted all the same, and they run side by side when there is room', async () => {
  const simulation = await fourMinutes('queue', 2);
  expect(minutesOf(simulation, 'schedule.fired')).toEqual([1, 2, 3, 4]);
  expect(simulation.hub.agent('a')?.tasks).toHaveLength(2);
  expect(simulation.hub.pendingCount()).toBe(1);
});

test('overlap replace: the one before is cancelled, running or not', async () => {
  for (const concurrency of [1, 2]) {
    const simulation = await fourMinutes('replace', concurrency);
    expect(minutesOf(simulation, 'schedule.fired')).toEqual([1, 2, 3, 4]);
    expect(minutesOf(simulation, 'task.cancelled')).toEqual([2, 3, 4]);
    expect(recordsOf(simulation, 'task.cancelled')[0]?.payload.reason).toBe('replaced by the next of its schedule');
    expect(simulation.hub.agent('a')?.tasks).toHaveLength(1);
  }
});

test('one that waits to be tried again is not finished', async () => {
  const simulation = await simulate({ config: { retry: { backoffMs: 90_000, maxBackoffMs: 90_000, jitter: 0 } } });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ fail: { message: 'no', times: 1 } }] });
  hub.schedule({ id: 's', everyMs: minute, task: { type: 'check' } });
  await simulation.advance(3 * minute);
  expect(minutesOf(simulation, 'schedule.skipped')).toEqual([2]);
  expect(minutesOf(simulation, 'schedule.fired')).toEqual([1, 3]);
});

test('overlap replace: a full queue is no hindrance when what it replaces makes room', async () => {
  const simulation = await simulate({ config: { maxQueued: 1 } });
  const { hub } = simulation;
  hub.schedule({ id: 's', everyMs: minute, overlap: 'replace', task: { type: 'check' } });
  await simulation.advance(3 * minute);
  expect(minutesOf(simulation, 'schedule.fired')).toEqual([1, 2, 3]);
  expect(minutesOf(simulation, 'task.cancelled')).toEqual([2, 3]);
  expect(hub.pendingCount()).toBe(1);
  await expectFoldEqual(simulation);
});

test('overlap replace: what runs makes no room in the queue, and goes on when that is full', async () => {
  const simulation = await simulate({ config: { maxQueued: 1 } });
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ stall: true }] });
  hub.schedule({ id: 's', everyMs: minute, overlap: 'replace', task: { type: 'check' } });
  await simulation.advance(minute);
  hub.submit({ type: 'other' });
  await simulation.advance(minute);
  expect(minutesOf(simulation, 'schedule.skipped')).toEqual([2]);
  expect(recordsOf(simulation, 'task.cancelled')).toEqual([]);
  await expectFoldEqual(simulation);
});
