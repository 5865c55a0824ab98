/**
 * `npm run torture`: real processes on real files, and what is done to them.
 *
 * - To1 exit 0 when all held, 1 at the first loss, with the evidence kept; 2 for bad input.
 */
import { parseArgs } from 'node:util';
import { simulatedEnvironment } from '../actors/simulated-environment.ts';
import { HubError } from '../machines/errors.ts';
import { Dice } from '../simulator/dice.ts';
import { Progress } from '../simulator/progress.ts';
import type { Kind, WriteCounts } from './kind.ts';
import { kinds } from './kinds.ts';
import { Loss, Ordeal } from './ordeal.ts';
import { countWrites, hasStrace } from './strace.ts';

export interface TortureIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly isTTY: boolean;
  /** In ms. */
  readonly now: () => number;
  /** The built worker.js. */
  readonly worker: string;
  /** Default: whether it can be run. */
  readonly hasStrace?: boolean;
}

const names = kinds.map(({ name }) => name);
const usage = `npm run torture -- [names] [--quick] [--rounds N] [--round N] [--seed N] [--json]
${kinds.map(({ name, about }) => `  ${name.padEnd(11)}${about}`).join('\n')}
  --quick    a few rounds of each
  --rounds N so many rounds of each, spread over all that there are
  --round N  this one alone
  --seed N   what is drawn by chance. Default: 1
  --json     print one object
`;

interface KindReport {
  readonly rounds: number;
  /** What was done, and how often. */
  readonly faults: { readonly [what: string]: number };
  readonly records: number;
  /** What clients were told that it counts: tasks, messages, decisions. */
  readonly acknowledged: number;
  /** Calls of drivers. */
  readonly effects: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly seconds: number;
}

type Report = KindReport | { readonly skipped: string };

export async function tortureCommand(args: readonly string[], io: TortureIo): Promise<0 | 1 | 2> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(args);
  } catch (error) {
    io.stderr.write(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    io.stdout.write(usage);
    return 0;
  }
  const reports: Record<string, Report> = {};
  const canStrace = io.hasStrace ?? hasStrace();
  let writes: WriteCounts = new Map();
  for (const kind of kinds.filter(({ name }) => options.names.includes(name))) {
    if (kind.needsStrace && !canStrace) {
      reports[kind.name] = { skipped: 'strace is not there (on Debian and Ubuntu: apt-get install strace)' };
    } else {
      if (kind.needsStrace && writes.size === 0) writes = await measured(io);
      const report = await playAll(kind, writes, options, io);
      if (report === undefined) return 1;
      reports[kind.name] = report;
    }
    if (!options.json) io.stdout.write(told(kind.name, reports[kind.name] as Report));
  }
  if (options.json) io.stdout.write(`${JSON.stringify({ seed: options.seed, kinds: reports })}\n`);
  return 0;
}

type Options = ReturnType<typeof readOptions>;

function readOptions(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      round: { type: 'string' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const whole = (name: 'rounds' | 'round' | 'seed'): number | undefined => {
    const text = values[name];
    if (text === undefined) return undefined;
    if (/^\d{1,9}$/.test(text) && Number(text) >= 1) return Number(text);
    throw new HubError('invalid', `--${name}: expected a whole number, at least 1, not ${text}`);
  };
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new HubError('invalid', `there is no ${unknown}; names: ${names.join(', ')}`);
  return {
    ...values,
    names: positionals.length === 0 ? names : positionals,
    rounds: whole('rounds'),
    round: whole('round'),
    seed: whole('seed') ?? 1,
  };
}

/** How often a run writes that nobody harms. */
async function measured({ worker }: TortureIo): Promise<WriteCounts> {
  const ordeal = new Ordeal('measure', worker);
  const counts = await countWrites(ordeal);
  await ordeal.close();
  return counts;
}

/** Which rounds: one, a few that are spread over all, or all. */
function roundsOf({ rounds, sample }: Kind, writes: WriteCounts, options: Options): number[] {
  if (options.round !== undefined) return [options.round];
  const all = typeof rounds === 'number' ? rounds : rounds(writes);
  const wanted = options.rounds ?? (options.quick ? sample : all);
  const step = typeof rounds === 'number' ? 1 : Math.max(1, all / wanted);
  const count = typeof rounds === 'number' ? wanted : Math.min(wanted, all);
  return Array.from({ length: count }, (_, index) => 1 + Math.floor(index * step));
}

async function playAll(
  kind: Kind,
  writes: WriteCounts,
  options: Options,
  io: TortureIo,
): Promise<KindReport | undefined> {
  const progress = new Progress({ output: io.stderr, isTTY: io.isTTY, now: io.now });
  const began = io.now();
  const faults = new Map<string, number>();
  const sum = { records: 0, acknowledged: 0, effects: 0 };
  const numbers = roundsOf(kind, writes, options);
  for (const [index, number] of numbers.entries()) {
    const { random } = simulatedEnvironment(options.seed * 1_000_003 + number);
    const ordeal = new Ordeal(kind.name, io.worker);
    try {
      await kind.play({
        number,
        dice: new Dice(random),
        ordeal,
        writes,
        count: (what) => faults.set(what, (faults.get(what) ?? 0) + 1),
      });
    } catch (error) {
      await ordeal.end();
      progress.clear();
      if (!(error instanceof Loss)) throw error;
      const again = `npm run torture -- ${kind.name} --seed ${options.seed} --round ${number}`;
      io.stderr.write(
        `${kind.name}, round ${number}: LOSS\n${error.message}\nevidence: ${error.folder}\nagain: ${again}\n`,
      );
      return undefined;
    }
    const { records, acknowledged, effects } = ordeal.count();
    sum.records += records;
    sum.acknowledged += acknowledged;
    sum.effects += effects;
    await ordeal.close();
    progress.show(() => `${kind.name}: ${index + 1} of ${numbers.length} rounds, nothing lost`);
  }
  progress.clear();
  return {
    rounds: numbers.length,
    faults: Object.fromEntries([...faults].sort(([a], [b]) => (a < b ? -1 : 1))),
    ...sum,
    lost: 0,
    duplicated: 0,
    seconds: Math.round((io.now() - began) / 100) / 10,
  };
}

function told(name: string, report: Report): string {
  if ('skipped' in report) return `${name}: skipped: ${report.skipped}\n`;
  const { rounds, faults, records, acknowledged, effects, lost, duplicated, seconds } = report;
  const list = Object.entries(faults).map(([what, times]) => `${what} ${times}`);
  return [
    `${name}: ${rounds} rounds in ${seconds} s: ${list.join(', ')}`,
    `  ${records} records, ${acknowledged} acknowledged, ${lost} lost; ${effects} effects, ${duplicated} duplicated`,
    '',
  ].join('\n');
}
