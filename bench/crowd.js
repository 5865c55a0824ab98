import { fileURLToPath } from 'node:url';
import { addLive, hubWith, passThrough } from './fixture.js';
import { inTurn, now, ratios, spread } from './rounds.js';
import { serve, side } from './side.js';

export const title = 'cost of a task with 100,000 live tasks against 1,000';
export const notMeasured = 'live tasks that are at work: these wait in the queue for an agent type that nobody is';

const agents = 100;
/** Tasks in a round, and in a block of submissions. */
const round = 5000;
const block = 1000;
/** Tasks before the first round, so that the code is warm and all bounded tails are full. */
const before = 40_000;

/** Each side in a process of its own: in one heap, the garbage collector would charge the small side for the large. */
export async function run({ quick }) {
  const [few, many] = quick ? [1000, 20_000] : [1000, 100_000];
  const start = (live) => side(fileURLToPath(import.meta.url), live);
  const sides = { few: await start(few), many: await start(many) };
  const through = await inTurn(
    { few: sides.few.measure, many: sides.many.measure },
    { rounds: quick ? 5 : 9, warmUp: 1 },
  );
  for (const { end } of Object.values(sides)) await end();
  const micros = (values) => values.map((ms) => ms * 1000);
  const { first: blocks } = sides.many;
  return [
    spread(`submit to completed, ${few} live`, micros(through.few), 'µs/task'),
    spread(`submit to completed, ${many} live`, micros(through.many), 'µs/task'),
    spread(`${many} / ${few}`, ratios(through.many, through.few), 'times', { atMost: 1.3 }),
    spread('submission alone, the first 10,000 live', blocks.slice(0, 10), 'µs/task'),
    spread('submission alone, the last 10,000 live', blocks.slice(-10), 'µs/task'),
  ];
}

async function serveSide(live) {
  const hub = await hubWith({ agents });
  await passThrough(hub, before, 1000, now);
  const blocks = [];
  for (let added = 0; added < live; added += block) {
    const began = now();
    await addLive(hub, block);
    blocks.push(((now() - began) * 1000) / block);
  }
  serve(blocks, async () => {
    await passThrough(hub, 1000, 1000, now); // The collector sweeps up behind itself while the next tasks run.
    return passThrough(hub, round, 1000, now);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serveSide(Number(process.argv[2]));
