/**
 * `npm run fuzz`: nonsense for every public entry.
 *
 * - Fc1 exit 0 when all was taken or refused as it should be, 1 when something was not, 2 for bad input.
 */
import { parseArgs } from 'node:util';
import { HubError } from '../machines/errors.ts';
import { type Flaw, fuzz } from './fuzz.ts';

export interface FuzzIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** In ms. */
  readonly now: () => number;
  /** Told where it is, so that somebody outside can see it hang. */
  readonly onProgress?: (where: string) => void;
}

const usage = `npm run fuzz -- [--inputs N] [--seed N] [--only NAME] [--json]
  --inputs N   how many inputs for all entries together. Default: 1000000
  --seed N     what is drawn. Default: 1
  --only NAME  only the entries whose names begin so: hub.submit, driver, readLog, …
  --json       print one object
`;

export async function fuzzCommand(args: readonly string[], io: FuzzIo): Promise<0 | 1 | 2> {
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
  const { inputs, seed, only, json } = options;
  const began = io.now();
  let told = '';
  const { entries, flaws } = await fuzz({
    inputs,
    seed,
    only,
    onProgress(entry, count) {
      io.onProgress?.(`${entry}, input ${count}`);
      if (entry !== told) io.stderr.write(`${entry}\n`);
      told = entry;
    },
  });
  const sum = (of: 'inputs' | 'refused' | 'accepted') =>
    Object.values(entries).reduce((all, report) => all + report[of], 0);
  const seconds = Math.round((io.now() - began) / 100) / 10;
  const counts = { inputs: sum('inputs'), refused: sum('refused'), accepted: sum('accepted') };
  if (json) io.stdout.write(`${JSON.stringify({ seed, ...counts, seconds, entries, flaws: flaws.map(asJson) })}\n`);
  else {
    for (const flaw of flaws) io.stdout.write(`${flaw.entry}(${inputOf(flaw)}): ${flaw.why}\n`);
    const { length } = Object.keys(entries);
    io.stdout.write(
      `${counts.inputs} inputs to ${length} entries in ${seconds} s: ` +
        `${counts.refused} refused, ${counts.accepted} taken, ${flaws.length} entries with flaws\n`,
    );
  }
  return flaws.length === 0 ? 0 : 1;
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      inputs: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const whole = (name: 'inputs' | 'seed'): number => {
    if (/^\d{1,9}$/.test(values[name]) && Number(values[name]) >= 1) return Number(values[name]);
    throw new HubError('invalid', `--${name}: expected a whole number, at least 1, not ${values[name]}`);
  };
  return { ...values, inputs: whole('inputs'), seed: whole('seed') };
}

/** What JSON has no word for is told in words. */
const inputOf = ({ input }: Flaw): string =>
  (JSON.stringify(input, (_key, value) => (value === undefined ? 'undefined' : value)) ?? '').slice(1, -1);

const asJson = (flaw: Flaw) => ({ ...flaw, input: inputOf(flaw) });
