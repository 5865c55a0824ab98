/**
 * `npm run simulate`: runs seeds, looks for planted bugs, or replays what failed.
 *
 * - Cm1 exit 0 when all held, 1 when something did not (or a planted bug was not found), 2 for bad input.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { HubError } from '../machines/errors.ts';
import { drawPlan } from './draw.ts';
import type { Plan } from './plan.ts';
import { readPlan } from './plan-file.ts';
import { plantedBugs } from './planted/all-bugs.ts';
import { Progress } from './progress.ts';
import { Tally } from './report.ts';
import { shrink } from './shrink.ts';
import { type SimulationResult, simulatePlan } from './simulate-plan.ts';
import { toScenario } from './to-scenario.ts';

export interface SimulateIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly isTTY: boolean;
  /** In ms. */
  readonly now: () => number;
  /** Where the plans of failing seeds are kept. Default: the working directory. */
  readonly directory?: string;
}

const usage = `npm run simulate -- [--seeds N] [--from N] [--json]
npm run simulate -- --planted [--seeds N] [--json]
npm run simulate -- --replay FILE [--json]
  --seeds N    how many seeds to run; for --planted, how many at most for each bug. Default: 1000
  --from N     the first of them. Default: 1
  --planted    put in one bug after the other, and see that each is found
  --replay F   run the plan that a failing seed left in F
  --json       print one object
`;

/** Most seeds that are made small; the others are only told of. */
const mostShrunk = 3;

export async function simulateCommand(args: readonly string[], io: SimulateIo): Promise<0 | 1 | 2> {
  let options: ReturnType<typeof readOptions>;
  let replayed: Plan | undefined;
  try {
    options = readOptions(args);
    if (options.help) {
      io.stdout.write(usage);
      return 0;
    }
    if (options.replay !== undefined) replayed = readPlan(readFileSync(options.replay, 'utf8'), options.replay);
  } catch (error) {
    io.stderr.write(`${error instanceof HubError ? error.message : (error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (replayed !== undefined) return replay(replayed, options.json, io);
  return options.planted ? plant(options, io) : simulateSeeds(options, io);
}

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly json: boolean;
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      planted: { type: 'boolean', default: false },
      replay: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const whole = (name: 'seeds' | 'from', least: number): number => {
    const number = Number(values[name]);
    if (!/^-?\d+$/.test(values[name]) || !Number.isSafeInteger(number) || number < least) {
      throw new HubError('invalid', `--${name}: expected a whole number, at least ${least}, not ${values[name]}`);
    }
    return number;
  };
  return { ...values, seeds: whole('seeds', 1), from: whole('from', 0) };
}

async function simulateSeeds({ seeds, from, json }: Options, io: SimulateIo): Promise<0 | 1> {
  const progress = new Progress({ output: io.stderr, isTTY: io.isTTY, now: io.now });
  const tally = new Tally();
  const start = io.now();
  const failed: number[] = [];
  for (let seed = from; seed < from + seeds; seed++) {
    const plan = drawPlan(seed);
    const result = await simulatePlan(plan, { coverage: tally.coverage });
    tally.add(result);
    if (result.violations.length > 0) {
      failed.push(seed);
      progress.clear();
      await tellOfFailure(plan, result, failed.length <= mostShrunk, io, progress);
    }
    progress.show(() => `seed ${seed}, ${seed - from + 1} of ${seeds}, ${failed.length} with violations`);
  }
  progress.clear();
  const report = tally.report((io.now() - start) / 1000);
  if (json) io.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    const { faultsInjected, records, simulatedDays, transitionsCovered, transitions, secondsPerSeed } = report;
    const faults = Object.entries(faultsInjected).map(([fault, times]) => `${fault} ${times}`);
    io.stdout.write(
      [
        `${seeds} seeds from ${from}: ${failed.length === 0 ? 'nothing failed' : `failed: ${failed.join(', ')}`}`,
        `${records} records, ${simulatedDays} simulated days, ${secondsPerSeed} s a seed`,
        `${transitionsCovered} of ${transitions} states and transitions reached`,
        `faults: ${faults.join(', ')}`,
        '',
      ].join('\n'),
    );
  }
  return failed.length === 0 ? 0 : 1;
}

async function tellOfFailure(
  plan: Plan,
  { violations }: SimulationResult,
  isShrunk: boolean,
  { stderr, directory = '.' }: SimulateIo,
  progress: Progress,
): Promise<void> {
  const [first] = violations;
  if (first === undefined) return;
  stderr.write(`seed ${plan.seed}: ${first.invariant}: ${first.why}\n`);
  if (!isShrunk) return;
  const small = await shrink(plan, {
    invariant: first.invariant,
    onProgress: (left) => progress.show(() => `seed ${plan.seed}: shortened to ${left} actions`),
  });
  progress.clear();
  const { actions, ...settings } = small;
  const name = `${directory}/seed-${plan.seed}`;
  writeFileSync(`${name}.json`, `${JSON.stringify(small, null, 2)}\n`);
  stderr.write(`  with ${JSON.stringify(settings)}\n`);
  for (const action of actions) stderr.write(`  ${JSON.stringify(action)}\n`);
  stderr.write(`  again: npm run simulate -- --replay ${name}.json\n`);
  const scenario = toScenario(small);
  if (scenario === undefined) return;
  writeFileSync(`${name}.yaml`, stringify(scenario));
  stderr.write(`  as a scenario: ${name}.yaml\n`);
}

async function replay(plan: Plan, json: boolean, { stdout }: SimulateIo): Promise<0 | 1> {
  const { violations, traceHash, records } = await simulatePlan(plan);
  if (json) stdout.write(`${JSON.stringify({ seed: plan.seed, violations, traceHash, records: records.length })}\n`);
  else {
    for (const { invariant, why } of violations) stdout.write(`${invariant}: ${why}\n`);
    stdout.write(`${violations.length} violations, ${records.length} records, trace ${traceHash}\n`);
  }
  return violations.length === 0 ? 0 : 1;
}

async function plant({ seeds, from, json }: Options, io: SimulateIo): Promise<0 | 1> {
  const progress = new Progress({ output: io.stderr, isTTY: io.isTTY, now: io.now });
  /** A seed in which something fails anyway finds nothing. */
  const sound = new Map<number, boolean>();
  const isSound = async (seed: number) => {
    const known = sound.get(seed) ?? (await simulatePlan(drawPlan(seed))).violations.length === 0;
    sound.set(seed, known);
    return known;
  };
  const found: { bug: string; seed: number | null; invariant: string | null }[] = [];
  for (const { name, what, seams } of plantedBugs) {
    let one: (typeof found)[number] = { bug: name, seed: null, invariant: null };
    for (let seed = from; seed < from + seeds && one.seed === null; seed++) {
      const [first] = (await simulatePlan(drawPlan(seed), { seams })).violations;
      if (first !== undefined && (await isSound(seed))) one = { bug: name, seed, invariant: first.invariant };
      progress.show(() => `${found.length} of ${plantedBugs.length} bugs; ${name}: seed ${seed}`);
    }
    found.push(one);
    progress.clear();
    const told = one.seed === null ? `NOT FOUND in ${seeds} seeds` : `found at seed ${one.seed} by ${one.invariant}`;
    if (!json) io.stdout.write(`${name}: ${told} (${what})\n`);
  }
  const count = found.filter(({ seed }) => seed !== null).length;
  if (json) io.stdout.write(`${JSON.stringify({ planted: found.length, found: count, bugs: found })}\n`);
  else io.stdout.write(`${count} of ${found.length} planted bugs found\n`);
  return count === found.length ? 0 : 1;
}
