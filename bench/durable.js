import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sqliteStore } from 'xstate-hub/sqlite';
import { bullmq } from './bullmq.js';
import { hubWith, passThrough } from './fixture.js';
import { inTurn, now, ratios, spread } from './rounds.js';
import { serve, side } from './side.js';

export const title = 'submit to completed with every record in SQLite (WAL, synchronous=FULL), 100 agents';
export const notMeasured = 'drivers that do something, many processes, a disk that is slow to sync (this one is timed)';

const agents = 100;
const atOnce = 1000;
/** Tasks before the first round, so that the code is warm and all bounded tails are full. */
const before = 20_000;

/**
 * The sides take turns, each in a process of its own: a hub in memory keeps its log on the heap, and the collector
 * would charge the others for it.
 *
 * BullMQ is there to compare with when there are a `redis-server` and the package; nothing is installed for it.
 */
export async function run({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-bench-'));
  const count = quick ? 4000 : 10_000;
  const start = (name) => side(fileURLToPath(import.meta.url), name, folder, count);
  const sides = { memory: await start('memory'), durable: await start('durable'), other: await start('other') };
  if (!sides.other.first) {
    await sides.other.end();
    delete sides.other;
  }
  try {
    const measures = Object.fromEntries(Object.entries(sides).map(([name, { measure }]) => [name, measure]));
    const taken = await inTurn(measures, { rounds: quick ? 5 : 9, warmUp: 1 });
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
      spread('one commit alone', commits(folder, quick ? 100 : 500), 'µs'),
    ];
  } finally {
    for (const { end } of Object.values(sides)) await end();
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
function commits(folder, count) {
  const store = sqliteStore({ path: join(folder, 'sync.db') });
  const taken = Array.from({ length: count }, (_, index) => {
    const seq = index + 1;
    const began = now();
    store.append(index, [{ seq, at: 0, id: `r${seq}`, from: 'a', to: 'b', type: 'agent.heartbeat', payload: {} }]);
    return (now() - began) * 1000;
  });
  store.close();
  return taken;
}

async function serveSide(name, folder, count) {
  if (name === 'other') {
    const other = await bullmq({ folder, agents, atOnce });
    await other?.passThrough(before);
    return serve(
      other !== undefined,
      () => other.passThrough(count),
      () => other?.close(),
    );
  }
  const hub = await hubWith({
    agents,
    ...(name === 'durable' && { store: sqliteStore({ path: join(folder, 'log.db') }) }),
  });
  await passThrough(hub, before, atOnce, now);
  serve(
    true,
    () => passThrough(hub, count, atOnce, now),
    () => hub.stop(),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, folder, count] = process.argv.slice(2);
  await serveSide(name, folder, Number(count));
}
