import { estimatePlan } from '../dist/hub/estimate.js';
import { checkPlan } from '../dist/hub/plan-rules.js';
import { stagesOf } from '../dist/hub/stages.js';
import { collect, now, spread } from './rounds.js';

export const title = 'stages of a plan of 2,000 subtasks and 10,000 dependencies';
export const notMeasured = 'reading the plan from a file, and running it';

const size = 2000;
const edges = 10_000;

export async function run({ quick }) {
  const plan = largePlan();
  const circular = withCycle(plan);
  const { stages } = checkPlan(plan);
  const sides = {
    'stages computed': () => stagesOf(plan.subtasks),
    'a cycle found': () => stagesOf(circular.subtasks),
    'all rules checked': () => checkPlan(plan),
    'estimate with critical path': () => estimatePlan(plan, stages),
  };
  const taken = Object.fromEntries(Object.keys(sides).map((what) => [what, []]));
  const rounds = quick ? 10 : 50;
  for (let round = -5; round < rounds; round++) {
    for (const [what, once] of Object.entries(sides)) {
      collect();
      const began = now();
      once();
      const took = now() - began;
      if (round >= 0) taken[what].push(took);
    }
  }
  return Object.entries(taken).map(([what, values]) =>
    spread(what, values, 'ms', what === 'stages computed' ? { atMost: 50 } : {}),
  );
}

/** Each depends on five of the 400 before it (the first few on fewer, the last on more), listed in a shuffled order. */
function largePlan() {
  let seed = 7;
  const draw = (below) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 4_294_967_296) * below);
  };
  const needs = Array.from({ length: size }, () => new Set());
  for (let left = edges; left > 0; ) {
    const index = 1 + draw(size - 1);
    const before = Math.max(0, index - 1 - draw(400));
    if (needs[index].has(before)) continue;
    needs[index].add(before);
    left--;
  }
  const subtasks = needs.map((before, index) => ({
    id: `task-${index}`,
    title: `Implement part ${index}`,
    description: '',
    owner: `master-${index % 7}`,
    workerType: null,
    capabilities: [],
    dependencies: [...before].map((place) => `task-${place}`),
    minutes: { min: 10, max: 15 },
    tokens: 5000,
    files: [`src/${index}.ts`],
    successCriteria: 'All its tests pass',
  }));
  for (let index = size - 1; index > 0; index--) {
    const other = draw(index + 1);
    [subtasks[index], subtasks[other]] = [subtasks[other], subtasks[index]];
  }
  return { title: 'large', description: '', subtasks };
}

/** The same, with the first waiting for the last. */
const withCycle = ({ subtasks, ...plan }) => ({
  ...plan,
  subtasks: subtasks.map((subtask) =>
    subtask.id === 'task-0' ? { ...subtask, dependencies: [deepest(subtasks)] } : subtask,
  ),
});

/** A subtask that, by way of others, waits for the first. */
function deepest(subtasks) {
  const staging = stagesOf(subtasks);
  const behind = new Set(['task-0']);
  const byId = new Map(subtasks.map((subtask) => [subtask.id, subtask]));
  let last = 'task-0';
  for (const id of staging.stages.flat()) {
    if (!byId.get(id).dependencies.some((need) => behind.has(need))) continue;
    behind.add(id);
    last = id;
  }
  return last;
}
