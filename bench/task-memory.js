import { memoryStore } from 'xstate-hub';
import { bareActors } from './bare.js';
import { addLive, hubWith } from './fixture.js';
import { heapInUse } from './rounds.js';

export const title = 'memory of a live task';
export const notMeasured = 'what a driver holds, memory outside the JavaScript heap, and (but for one figure) the log';

export async function run({ quick }) {
  const live = quick ? 20_000 : 100_000;
  const withoutLog = await perTask(live, 1);
  const withLog = await perTask(live, Number.POSITIVE_INFINITY);
  const bare = bareActors(100);
  const actors = [];
  const before = heapInUse();
  for (let index = 0; index < live; index++) actors.push(bare.spawnQueued());
  const perActor = (heapInUse() - before) / actors.length;
  return [
    { what: `live task, ${live} of them, the log let go`, value: withoutLog, unit: 'bytes' },
    { what: 'the same with its two records in the log', value: withLog, unit: 'bytes' },
    { what: 'bare XState task actor', value: perActor, unit: 'bytes' },
  ];
}

async function perTask(live, keep) {
  const hub = await hubWith({ agents: 100, store: memoryStore({ keep }) });
  await addLive(hub, 2000);
  const before = heapInUse();
  await addLive(hub, live);
  const bytes = (heapInUse() - before) / live;
  await hub.stop();
  return bytes;
}
