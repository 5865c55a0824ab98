import { expect, test } from 'vitest';
import type { HubRecord } from '../../src/machines/messages.ts';
import { recordSchema } from '../../src/machines/messages.ts';
import { type Simulation, simulate } from '../../src/testing.ts';

const isFrozen = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen));

/** A run in which nearly everything happens once. */
async function eventful(): Promise<Simulation> {
  const simulation = await simulate({ config: { inboxLimit: 1 } });
  const { hub } = simulation;
  hub.register({ id: 'expert', type: 'expert', run: [], answer: [{ work: '1m' }, { return: 'so' }] });
  hub.register({
    id: 'dev',
    type: 'dev',
    heartbeatMs: 600_000,
    run: [
      { progress: { percent: 10 } },
      { fail: { message: 'first', times: 1 } },
      { consult: { type: 'expert', question: 'how?' } },
      {
        escalate: {
          reason: 'may I?',
          ladder: [
            { after: '1m', action: 'remind' },
            { after: '1m', action: 'approve' },
          ],
        },
      },
      { send: { to: 'expert', type: 'thanks' } },
      { send: { to: 'expert', type: 'thanks' } },
      { work: '30m' },
      { return: 'done' },
    ],
  });
  hub.submit({ id: 'one', type: 'x', requirements: { agentType: 'dev' } });
  hub.submit({ id: 'two', type: 'x', metadata: { timeoutMs: 1000 }, requirements: { agentType: 'dev' } });
  hub.submit({ id: 'three', type: 'x', requirements: { agentType: 'dev' } });
  hub.updateProject({ phase: 'build' });
  hub.pause();
  hub.resume();
  await simulation.advance(60_000);
  hub.cancel('three');
  await simulation.run();
  hub.purgeDeadLetters();
  hub.pauseAgent('dev');
  hub.unregister('dev');
  await hub.stop();
  return simulation;
}

const byId = (records: readonly HubRecord[]) => new Map(records.map((record) => [record.id, record]));

test('the log is gapless, its time never goes back, and every id is new (I15)', async () => {
  const records = (await eventful()).records();
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_record, index) => index + 1));
  expect(records.map(({ at }) => at)).toEqual(records.map(({ at }) => at).toSorted((a, b) => a - b));
  expect(byId(records).size).toBe(records.length);
  expect(new Set(records.map(({ type }) => type)).size).toBeGreaterThan(30);
});

test('every record of a real run is a message of the protocol', async () => {
  for (const record of (await eventful()).records()) {
    const parsed = recordSchema.safeParse(record);
    expect(parsed.success, `${record.type}: ${parsed.error?.message}`).toBe(true);
    expect(parsed.data).toEqual(record);
    expect(isFrozen(record), record.type).toBe(true);
  }
});

test('causes make a tree: each one came before, and whoever has none came from outside (I2)', async () => {
  const simulation = await eventful();
  const records = simulation.records();
  const known = byId(records);
  for (const record of records) {
    if (record.causationId === null) {
      expect(['hub', 'client', 'clock', 'dev', 'expert'], record.type).toContain(record.from);
      continue;
    }
    const cause = known.get(record.causationId);
    expect(cause, record.type).toBeDefined();
    expect(cause?.seq).toBeLessThan(record.seq);
  }
});

test('what a driver says follows from its assignment', async () => {
  const records = (await eventful()).records();
  const known = byId(records);
  for (const record of records) {
    if (record.from !== 'dev' || record.causationId === null) continue;
    expect(known.get(record.causationId)?.type, record.type).toBe('task.assigned');
  }
});

test('all that is about one task belongs to its submission', async () => {
  const records = (await eventful()).records();
  for (const taskId of ['one', 'two', 'three']) {
    const submitted = records.find(({ type, payload }) => type === 'task.submit' && payload.taskId === taskId);
    const about = records.filter(({ payload }) => 'taskId' in payload && payload.taskId === taskId);
    expect(about.length).toBeGreaterThan(2);
    for (const record of about) expect(record.correlationId, record.type).toBe(submitted?.id);
  }
});

test('senders and recipients are who they can be (I2)', async () => {
  const records = (await eventful()).records();
  const senders = new Set(records.map(({ from }) => from));
  expect([...senders].sort()).toEqual(['client', 'clock', 'dev', 'expert', 'hub']);
  for (const { from, type } of records) if (from === 'clock') expect(type).toBe('deadline.passed');
});
