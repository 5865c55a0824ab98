import { memoryStore } from 'xstate-hub';
import { hubWith, passThrough } from './fixture.js';
import { heapInUse, now } from './rounds.js';

export const title = 'memory after many tasks through 100 live';
export const notMeasured = 'the bounded tails (finished tasks, kept records): the base is taken when they are full';

export async function run({ quick }) {
  const all = quick ? 100_000 : 1_000_000;
  const keep = 1000;
  const hub = await hubWith({ agents: 100, store: memoryStore({ keep }), config: { keepFinished: keep } });
  await passThrough(hub, 20_000, 100, now);
  const base = heapInUse();
  const figures = [{ what: 'base', value: base / 1e6, unit: 'MB' }];
  let last = base;
  for (let quarter = 1; quarter <= 4; quarter++) {
    await passThrough(hub, all / 4, 100, now);
    last = heapInUse();
    figures.push({ what: `after ${(all / 4) * quarter} tasks`, value: last / 1e6, unit: 'MB' });
  }
  await hub.stop();
  return [...figures, { what: 'grown', value: (last - base) / all, unit: 'bytes/task', atMost: 1 }];
}
