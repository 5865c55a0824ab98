import { fileURLToPath } from 'node:url';
import { hubWith, passThrough } from './fixture.js';
import { inTurn, now, ratios, spread } from './rounds.js';
import { serve, side } from './side.js';

export const title = '1,000 complex tasks of 6 subtasks at once, 100 agents, against plain tasks';
export const notMeasured =
  'planners that think (the plan is given), drivers that do something, subtasks that fail, reports (made when looked at)';

const agents = 100;

/** The shape of the task orchestrator's example: design, two at once, tests, audit, documentation. */
const dependencies = { design: [], backend: ['design'], frontend: ['design'], tests: ['backend', 'frontend'] };
const plan = {
  title: 'Add authentication',
  subtasks: Object.entries({ ...dependencies, audit: ['tests'], docs: ['audit'] }).map(([id, needed]) => ({
    id,
    title: `Do the ${id}`,
    description: 'JWT-based login with roles',
    owner: 'worker',
    workerType: 'implement_api',
    dependencies: needed,
    minutes: { min: 10, max: 15 },
    tokens: 5000,
    files: [`src/${id}.js`],
    successCriteria: `the tests of ${id} pass`,
  })),
};

/** Each side in a process of its own: in one heap, the collector charges each for what the other's log keeps. */
export async function run({ quick }) {
  const count = quick ? 300 : 1000;
  const start = (name) => side(fileURLToPath(import.meta.url), name, count);
  const [orchestrated, plain] = [await start('orchestrated'), await start('plain')];
  const taken = await inTurn(
    { orchestrated: orchestrated.measure, plain: plain.measure },
    { rounds: quick ? 5 : 9, warmUp: 3 },
  );
  for (const { end } of [orchestrated, plain]) await end();
  const micros = (values) => values.map((ms) => ms * 1000);
  return [
    spread('a subtask', micros(taken.orchestrated), 'µs/subtask'),
    spread('a plain task', micros(taken.plain), 'µs/task'),
    spread('subtask / plain task', ratios(taken.orchestrated, taken.plain), 'times', { atMost: 1.3 }),
  ];
}

async function serveSide(name, count) {
  const hub = await hubWith({ agents });
  const subtasks = count * plan.subtasks.length;
  const orchestrated = async () => {
    const began = now();
    const results = [];
    for (let index = 0; index < count; index++) {
      results.push(hub.orchestrate({ title: 'Add authentication', plan, mode: 'stages' }).result);
    }
    for (const { status } of await Promise.all(results)) if (status !== 'completed') throw new Error(status);
    return (now() - began) / subtasks;
  };
  const sides = { orchestrated, plain: () => passThrough(hub, subtasks, subtasks, now) };
  serve(true, sides[name], () => hub.stop());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serveSide(process.argv[2], Number(process.argv[3]));
