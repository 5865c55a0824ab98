/** `xstate-hub run`: plays scenarios. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { formatDuration } from '../actors/duration.ts';
import { exportLog } from '../actors/export-log.ts';
import type { Store } from '../actors/store.ts';
import type { HubRecord } from '../machines/messages.ts';
import { endOfScenario, type ScenarioResult, type ScenarioRun } from '../scenarios/play-scenario.ts';
import { readScenario } from '../scenarios/read-scenario.ts';
import { runScenario } from '../scenarios/run-scenario.ts';
import type { Scenario } from '../scenarios/schema.ts';
import type { Simulation } from '../scenarios/simulation.ts';
import { askAboutGate, Left } from './ask.ts';
import { refuse } from './bad-input.ts';
import { type Command, type CommandIo, type Paint, painter, UsageError } from './command.ts';
import { describe } from './describe.ts';
import { renderFrame, Screen } from './frame.ts';
import { type LogFile, openStore, storeFile } from './log-file.ts';
import { checkOutput, writeOutput } from './output-file.ts';
import { clock, printable } from './style.ts';

const usage = `Usage: xstate-hub run FILE… [options]

Plays scenario files in simulated time and says whether what they expect is so.

Options:
  --seed N      another seed than the file's; the same seed gives the same log
  --json        one JSON object a scenario, one a line, and nothing else
  --speed X     X simulated seconds a second, or max; default 600 on a terminal, else max
  --log FILE    write the log to FILE as JSON lines (one scenario only); of an interrupted run, the log so far
  --store sqlite:FILE
                keep the log in FILE (one scenario only); the same command, without --seed, goes on where it was
                interrupted, does again what was at work then, and takes counts of what that brings forth as the least
  --ask         let the person at the terminal decide the gates
  --auto        let the scenario's humans decide them (the default; wins over --ask)

Exit codes: 0 all expectations hold, 1 some do not, 2 bad input, 130 interrupted`;

interface Options {
  readonly files: readonly string[];
  readonly seed: number | undefined;
  readonly json: boolean;
  /** Simulated ms a ms; infinite for as fast as possible. */
  readonly speed: number;
  readonly log: string | undefined;
  readonly store: LogFile | undefined;
  readonly ask: boolean;
}

/** Longest wait for one step at any speed but `max`, in real ms: nobody wants to watch a quiet night. */
const longestWait = 1500;

export const run: Command = {
  name: 'run',
  summary: 'play scenarios and check what they expect',
  usage,
  async run(args, io) {
    const options = readOptions(args, io);
    const scenarios = await readAll(options.files, io, options.json);
    if (scenarios === undefined) return 2;
    try {
      if (options.log !== undefined) await checkOutput(options.log, sourcesOf(options));
    } catch (error) {
      return refuse(error, options.log ?? '', options.json, io);
    }
    const results: ScenarioResult[] = [];
    for (const scenario of scenarios) {
      const played = await playKept(scenario, options, io);
      if (played === 2) return 2;
      const isOver = 'outcome' in played;
      if (isOver) {
        results.push(played);
        report(played, options, io);
      }
      try {
        if (options.log !== undefined) await writeOutput(options.log, exportLog(played.records));
      } catch (error) {
        return refuse(error, options.log ?? '', options.json, io);
      }
      if (!isOver) {
        if (options.log !== undefined) io.stderr.write(`interrupted; the log so far is in ${printable(options.log)}\n`);
        return 130;
      }
    }
    if (!options.json && results.length > 1) summarise(results, io);
    return results.every(({ outcome }) => outcome === 'passed') ? 0 : 1;
  },
};

function readOptions(args: readonly string[], io: CommandIo): Options {
  const { values, positionals: files } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      speed: { type: 'string' },
      log: { type: 'string' },
      store: { type: 'string' },
      ask: { type: 'boolean', default: false },
      auto: { type: 'boolean', default: false },
    },
  });
  if (files.length === 0) throw new UsageError('which scenario? Give at least one FILE');
  for (const option of ['log', 'store'] as const) {
    if (values[option] !== undefined && files.length > 1) throw new UsageError(`--${option} takes one scenario`);
  }
  const store = values.store === undefined ? undefined : storeFile(values.store);
  const seed = values.seed === undefined ? undefined : readSeed(values.seed);
  const isLive = io.isTTY && !values.json && files.length === 1;
  const speed = values.speed === undefined ? (isLive ? 600 : Number.POSITIVE_INFINITY) : readSpeed(values.speed);
  const canAsk = io.stdin?.isTTY === true && !values.json;
  if (values.ask && !values.auto && !canAsk) {
    io.stderr.write("there is no terminal to ask at: the scenario's humans decide\n");
  }
  return { files, seed, json: values.json, speed, log: values.log, store, ask: values.ask && !values.auto && canAsk };
}

function readSeed(text: string): number {
  const seed = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isSafeInteger(seed)) throw new UsageError('--seed takes a whole number');
  return seed;
}

function readSpeed(text: string): number {
  const speed = text === 'max' ? Number.POSITIVE_INFINITY : Number(text);
  if (!(speed > 0)) throw new UsageError('--speed takes a number above 0, or max');
  return speed;
}

/** Reads all files before anything runs; undefined when one cannot be played. */
async function readAll(files: readonly string[], io: CommandIo, json: boolean): Promise<Scenario[] | undefined> {
  const scenarios: Scenario[] = [];
  let isBad = false;
  for (const file of files) {
    try {
      scenarios.push(readScenario(await readFile(file, 'utf8'), file));
    } catch (error) {
      isBad = true;
      refuse(error, file, json, io);
    }
  }
  return isBad ? undefined : scenarios;
}

/** As `play`, with the log in the store that was asked for; 2 when that cannot be. */
async function playKept(scenario: Scenario, options: Options, io: CommandIo): Promise<ScenarioRun | Interrupted | 2> {
  if (options.store === undefined) return await play(scenario, options, io);
  try {
    const store = await openStore(options.store);
    try {
      if (options.seed !== undefined && !store.read(1)[Symbol.iterator]().next().done) {
        throw new UsageError(
          `--seed is for a run that begins: ${options.store.path} has one, which goes on without it`,
        );
      }
      return await play(scenario, options, io, store);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return refuse(error, options.store.path, options.json, io);
  }
}

/** The log of a run that the person stopped. */
type Interrupted = Pick<ScenarioRun, 'records'>;

/** Plays one scenario and shows it. */
async function play(
  scenario: Scenario,
  options: Options,
  io: CommandIo,
  store?: Store,
): Promise<ScenarioRun | Interrupted> {
  const view = options.json ? silent : io.isTTY ? live(scenario, options, io) : plainLines(io);
  let simulation: Simulation | undefined;
  try {
    const run = await runScenario(scenario, {
      ...(io.signal && { signal: io.signal }),
      ...(options.seed !== undefined && { seed: options.seed }),
      ...(Number.isFinite(options.speed) && { pace: (ms: number) => wait(ms / options.speed, io.signal) }),
      ...(options.ask && { askHuman: view.whileAsking }),
      ...(store && { store }),
      onStart(started) {
        simulation = started;
        view.onStart(started);
      },
    });
    view.end();
    return io.signal?.aborted ? { records: run.records } : run;
  } catch (error) {
    view.end();
    if (error instanceof Left) return { records: simulation?.records() ?? [] };
    throw error;
  }
}

type AskHuman = NonNullable<Parameters<typeof runScenario>[1]>['askHuman'] & {};
interface View {
  onStart(simulation: Simulation): void;
  whileAsking: AskHuman;
  end(): void;
}

const silent: View = {
  onStart() {},
  whileAsking: () => Promise.reject(new Left('nobody is asked')),
  end() {},
};

function plainLines(io: CommandIo): View {
  return {
    ...silent,
    onStart({ hub, environment, records }) {
      const start = environment.now();
      let isOver = false;
      const show = (record: HubRecord) => {
        isOver ||= record.type === 'hub.stop' && record.payload.reason === endOfScenario;
        if (isOver) return; // What comes then is not of the run.
        const { route, what } = describe(record);
        io.stdout.write(`${clock(record.at - start)}  ${route.padEnd(30)} ${what}\n`);
      };
      for (const started of records().slice(-1)) show(started);
      hub.on('*', show);
    },
  };
}

function live(scenario: Scenario, { speed }: Options, io: CommandIo): View {
  const paint = painter(io);
  const screen = new Screen((text) => io.stdout.write(text));
  let draw = () => {};
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    onStart(simulation) {
      const start = simulation.environment.now();
      const title = `${scenario.name}`;
      draw = () => {
        screen.draw(renderFrame(simulation, { title, start, width: io.columns || 80, paint }));
      };
      if (Number.isFinite(speed)) timer = setInterval(draw, 100);
    },
    async whileAsking(gate) {
      clearInterval(timer);
      draw();
      screen.leave();
      const decision = await askAboutGate(gate, io, paint);
      io.stdout.write('\n');
      if (Number.isFinite(speed)) timer = setInterval(draw, 100);
      return decision;
    },
    end() {
      clearInterval(timer);
      draw();
    },
  };
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, Math.min(ms, longestWait));
    signal?.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}

function report(run: ScenarioRun, { json, ask }: Options, io: CommandIo): void {
  if (json) {
    const { records: _records, ...result } = run;
    io.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  const paint = painter(io);
  const counts = Object.entries(run.tasks).filter(([, count]) => count > 0);
  const lines = [
    '',
    `${outcome(run, paint)} ${paint('bold', run.scenario)}`,
    ...run.expectations.map(({ ok, text }) => `  ${ok ? paint('green', '✓') : paint('red', '✗')} ${text}`),
    `  tasks: ${counts.map(([status, count]) => `${count} ${status}`).join(', ') || 'none'}`,
    `  ${formatDuration(run.virtualMs)} simulated, ${run.log.records} records, seed ${run.seed}`,
    `  log ${run.log.hash}`,
    ...(ask && run.outcome === 'failed'
      ? ["  You decided at the gates; what is expected is about the scenario's own humans."]
      : []),
    '',
  ];
  io.stdout.write(lines.join('\n'));
}

const outcome = ({ outcome }: ScenarioResult, paint: Paint): string =>
  outcome === 'passed' ? paint('green', 'passed') : paint('red', 'failed');

function summarise(results: readonly ScenarioResult[], io: CommandIo): void {
  const passed = results.filter(({ outcome }) => outcome === 'passed').length;
  const failed = results.length - passed;
  io.stdout.write(`\n${results.length} scenarios: ${passed} passed${failed > 0 ? `, ${failed} failed` : ''}\n`);
}

const sourcesOf = ({ files, store }: Options): string[] => [...files, ...(store === undefined ? [] : [store.path])];
