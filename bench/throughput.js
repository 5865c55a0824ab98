import { bareActors } from './bare.js';
import { hubWith, passThrough } from './fixture.js';
import { inTurn, now, ratios, spread } from './rounds.js';

export const title = 'submit to completed, 100 agents, everything on, in memory';
export const notMeasured = 'drivers that do something, a store on disk, consultations, gates, messages';

const agents = 100;
const atOnce = 1000;

export async function run({ quick }) {
  const count = quick ? 5000 : 20_000;
  const hub = await hubWith({ agents });
  const bare = bareActors(agents);
  const { hub: hubMs, bare: bareMs } = await inTurn(
    {
      hub: () => passThrough(hub, count, atOnce, now),
      bare: () => {
        const began = now();
        for (let index = 0; index < count; index++) bare.passOne();
        return (now() - began) / count;
      },
    },
    { rounds: quick ? 5 : 9 },
  );
  await hub.stop();
  return [
    spread('hub', hubMs.map(toMicros), 'µs/task'),
    spread('bare XState actors, same transitions', bareMs.map(toMicros), 'µs/task'),
    spread('hub / bare', ratios(hubMs, bareMs), 'times', { atMost: 2.5 }),
    spread(
      'throughput',
      hubMs.map((ms) => 1000 / ms),
      'tasks/s',
    ),
  ];
}

const toMicros = (ms) => ms * 1000;
