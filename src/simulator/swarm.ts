/**
 * Which faults and which kinds of work are on in a run.
 *
 * Each seed turns on about half of them, as swarm testing has it: a run with everything on hides what needs one thing
 * without another.
 */
import type { Dice } from './dice.ts';

const switches = [
  'consultations',
  'gates',
  'messages',
  'failures',
  'agentCrashes',
  'zombies',
  'stalls',
  'oddities',
  'deadlines',
  'keys',
  'limits',
  'schedules',
  'orchestrations',
  'operators',
  'forgeries',
  'crashes',
  'diskCrashes',
  'diskErrors',
  'slowDisk',
  'twoHubs',
  'skew',
  'clockSteps',
  'upgrades',
  'observers',
  'tightBounds',
  'brokenCharts',
  'forgetful',
] as const;

export type Swarm = { readonly [name in (typeof switches)[number]]: boolean };

export const drawSwarm = (dice: Dice): Swarm =>
  Object.fromEntries(switches.map((name) => [name, dice.chance(rare.has(name) ? 0.25 : 0.5)])) as Swarm;

/** What hides much else when it is on. */
const rare: ReadonlySet<string> = new Set([
  'clockSteps',
  'tightBounds',
  'diskErrors',
  'twoHubs',
  'skew',
  'brokenCharts',
]);
