import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore } from 'xstate-hub/sqlite';
import { bullmq } from './bullmq.js';
import { hubWith, passThrough } from './fixture.js';
import { inTurn, now, ratios, spread } from './rounds.js';

export const title = 'submit to completed with every record in SQLite (WAL, synchronous=FULL), 100 agents';
export const notMeasured = 'drivers that do something, many processes, a disk that is slow to sync (this one is timed)';

const agents = 100;
const atOnce = 1000;

/** BullMQ is there to compare with when there are a `redis-server` and the package; nothing is installed for it. */
export async function run({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-bench-'));
  const count = quick ? 4000 : 10_000;
  const memory = await hubWith({ agents });
  const durable = await hubWith({ agents, store: sqliteStore({ path: join(folder, 'log.db') }) });
  const other = await bullmq({ folder, agents, atOnce });
  const sync = sqliteStore({ path: join(folder, 'sync.db') });
  try {
    const taken = await inTurn(
      {
        memory: () => passThrough(memory, count, atOnce, now),
        durable: () => passThrough(durable, count, atOnce, now),
        ...(other && { other: () => other.passThrough(count) }),
      },
      { rounds: quick ? 5 : 9 },
    );
    return [
      ...throughput('hub in memory', taken.memory),
      ...throughput('hub on SQLite', taken.durable),
      spread('SQLite / memory', ratios(taken.durable, taken.memory), 'times'),
      ...(taken.other
        ? [
            ...throughput('BullMQ on Redis without persistence', taken.other),
            spread('hub on SQLite / BullMQ', ratios(taken.durable, taken.other), 'times', { atMost: 1 }),
          ]
        : []),
      spread('one commit alone', commits(sync, quick ? 100 : 500), 'µs'),
    ];
  } finally {
    sync.close();
    await other?.close();
    await Promise.all([memory.stop(), durable.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

const throughput = (what, ms) => [
  spread(
    what,
    ms.map((each) => 1000 / each),
    'tasks/s',
  ),
];

/** Of one small record each, in µs: what the disk makes of it. */
function commits(store, count) {
  return Array.from({ length: count }, (_, index) => {
    const seq = index + 1;
    const began = now();
    store.append(index, [{ seq, at: 0, id: `r${seq}`, from: 'a', to: 'b', type: 'agent.heartbeat', payload: {} }]);
    return (now() - began) * 1000;
  });
}
