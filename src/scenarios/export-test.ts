/**
 * A run as a test: a scenario file that brings it about again, and a test file that runs it.
 *
 * Owns: putting the scenario together, running it once, and the two files. Does not own: what is expected
 * (drawn-expectations.ts), what people did (drawn-acts.ts), a scenario from a log alone (scenario-of-log.ts).
 *
 * - Xt1 the files pass as they are: what does not come about again is not expected, and named in the scenario file.
 * - Xt2 they fail when tasks, gates or questions end in another way, at another time within the order, or with somebody else.
 */
import { stringify } from 'yaml';
import { readYaml } from '../hub/yaml-text.ts';
import { HubError } from '../machines/errors.ts';
import { logHash } from '../machines/hash.ts';
import type { HubRecord } from '../machines/messages.ts';
import { actOf, decisionsOf, duration, timesOf, type Written } from './drawn-acts.ts';
import { drawExpectations } from './drawn-expectations.ts';
import { endOfScenario, type ScenarioRun } from './play-scenario.ts';
import { readScenario } from './read-scenario.ts';
import { runScenario } from './run-scenario.ts';
import { scenarioOfLog } from './scenario-of-log.ts';

/** A command that somebody gave to a simulated hub: the name of its method, and what that was called with. */
export interface GivenCommand {
  /** How many records there were before it. */
  readonly afterSeq: number;
  readonly command: { readonly name: string; readonly args: readonly unknown[] };
}

export interface RunToExport {
  /** The log from its beginning. */
  readonly records: readonly HubRecord[];
  /** For the files and the scenario, when it has none of its own. */
  readonly name: string;
  /** The scenario file that was run. Without it one is made of what the log tells. */
  readonly scenario?: {
    readonly text: string;
    /** Instead of the file's own. */
    readonly seed?: number;
    /** Whether its humans decided the gates. Default: true. */
    readonly humans?: boolean;
    /** What people did meanwhile, in order. */
    readonly commands?: readonly GivenCommand[];
  };
}

export interface ExportedTest {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** What the run had and the test does not bring about again, as sentences. */
  readonly missing: readonly string[];
  /** Whether the scenario gives the same log, to the last letter. */
  readonly isExact: boolean;
}

/** A longer log cannot be told as a script that anybody would read. */
const longestLog = 20_000;

/** Throws {@link HubError} `invalid` for a log that is no run, `tooLarge` for one that is too long. */
export async function exportTest(given: RunToExport): Promise<ExportedTest> {
  const run = { ...given, records: withoutEnd(given.records) };
  if (run.scenario === undefined && run.records.length > longestLog) {
    throw new HubError(
      'tooLarge',
      `a log of ${run.records.length} records is too long for a test: most are ${longestLog}`,
    );
  }
  const drafts = [0, 1].map((lateness) => draft(run, lateness));
  const tried: Trial[] = [];
  for (const one of drafts) {
    tried.push(await tryOut(one, run));
    if (tried.at(-1)?.failing.size === 0) break;
  }
  const best = tried.reduce((a, b) => (b.failing.size < a.failing.size ? b : a));
  const { scenario, missing, failing, again } = best;
  const expect = (scenario.expect as readonly Written[]).filter((_, index) => !failing.has(index));
  const all = [...missing, ...[...failing.values()]];
  const file = `${fileName(run.name)}.scenario.yaml`;
  const isExact = logHash(again.records) === logHash(run.records);
  return {
    files: [
      { name: file, text: scenarioText({ ...scenario, expect }, all, isExact) },
      { name: `${fileName(run.name)}.test.ts`, text: testText(run.name, file) },
    ],
    missing: all,
    isExact,
  };
}

/** Whoever plays a scenario stops the hub behind it; that is no part of the run. */
function withoutEnd(records: readonly HubRecord[]): readonly HubRecord[] {
  const end = records.at(-2);
  return end?.type === 'hub.stop' && end.payload.reason === endOfScenario ? records.slice(0, -2) : records;
}

interface Draft {
  readonly scenario: Written;
  readonly missing: readonly string[];
}

/** @param lateness by how many ms something is done later that was done behind other things of the same moment */
function draft(run: RunToExport, lateness: number): Draft {
  const { records, name, scenario } = run;
  const expect = drawExpectations(records);
  if (scenario === undefined) return { scenario: { ...scenarioOfLog(records, name, lateness), expect }, missing: [] };
  const { text, seed, humans = true, commands = [] } = scenario;
  const base = readYaml(text, name).value as Written;
  const timeOf = timesOf(records, lateness);
  const last = records.at(-1);
  const given = commands.map((command) => written(command, records, timeOf));
  const isDecidedHere = !humans || commands.some(({ command }) => command.name === 'decideGate');
  const decisions = isDecidedHere ? decisionsOf(records, timeOf) : undefined;
  const list = (field: string) => (base[field] as readonly Written[] | undefined) ?? [];
  return {
    scenario: {
      ...base,
      ...(seed !== undefined && { seed }),
      ...(decisions !== undefined && { humans: decisions.humans }),
      acts: [...list('acts'), ...(decisions?.acts ?? []), ...given.flatMap((one) => ('act' in one ? [one.act] : []))],
      faults: [...list('faults'), ...given.flatMap((one) => ('fault' in one ? [one.fault] : []))],
      ...(last !== undefined && last.type !== 'hub.stopped' && { until: timeOf(last) }),
      expect,
    },
    missing: given.flatMap((one) => ('missing' in one ? [one.missing] : [])),
  };
}

type Given = { readonly act: Written } | { readonly fault: Written } | { readonly missing: string } | object;

function written(
  { afterSeq, command }: GivenCommand,
  records: readonly HubRecord[],
  timeOf: (record: HubRecord) => number,
): Given {
  const { name, args } = command;
  const record = records[afterSeq];
  const before = records[afterSeq - 1];
  if (name === 'decideGate') return {}; // The humans do that.
  if (name === 'inject') return { fault: { ...(args[0] as object), at: before === undefined ? 0 : timeOf(before) } };
  const act = record?.causationId === null ? actOf(record, timeOf(record)) : undefined;
  const said = `${name}(${args.map((one) => JSON.stringify(one)).join(', ')})`;
  return act ?? { missing: `${said} after record ${afterSeq}: no scenario can say that` };
}

interface Trial extends Draft {
  /** By its place among the expectations, what was found instead. */
  readonly failing: ReadonlyMap<number, string>;
  readonly again: ScenarioRun;
}

async function tryOut(one: Draft, { name }: RunToExport): Promise<Trial> {
  const { expect } = one.scenario as { readonly expect: readonly unknown[] };
  const again = await runScenario(readScenario(JSON.stringify(one.scenario), name));
  const failing = new Map(
    again.expectations.slice(0, expect.length).flatMap(({ ok, text }, index) => (ok ? [] : [[index, text] as const])),
  );
  return { ...one, failing, again };
}

const fileName = (name: string): string =>
  name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '') || 'run';

function scenarioText(scenario: Written, missing: readonly string[], isExact: boolean): string {
  const comments = [
    'Exported from a run: what happened in it is expected here.',
    ...(isExact ? ['Run again, it gives the same log, to the last letter.'] : []),
    ...(missing.length > 0
      ? ['Not in it, since it does not come about again:', ...missing.map((text) => `- ${text}`)]
      : []),
  ];
  const header = comments.flatMap((text) => text.split('\n')).map((line) => `# ${line}\n`);
  const whole = Object.fromEntries(
    Object.entries(scenario).filter(([, value]) => !Array.isArray(value) || value.length > 0),
  );
  return header.join('') + stringify(readable(whole), { lineWidth: 120 });
}

/** Fields that hold a length of time, wherever a scenario has them; what people sent around is left alone. */
const times: ReadonlySet<string> = new Set([
  ...['at', 'after', 'work', 'deaf', 'timeout', 'delay', 'heartbeat', 'until', 'every', 'within', 'min', 'max', 'by'],
]);
const foreign: ReadonlySet<string> = new Set([
  ...['payload', 'body', 'context', 'result', 'return', 'answer', 'spec', 'plan', 'config', 'metadata', 'progress'],
]);

function readable(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => readable(one, key));
  if (typeof value === 'number' && times.has(key)) return duration(value);
  if (typeof value !== 'object' || value === null || foreign.has(key)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, readable(inner, name)]));
}

const testText = (name: string, file: string): string => `import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readScenario, runScenario } from 'xstate-hub/testing';

test(${JSON.stringify(`${name}, as it ran`)}, async () => {
  const text = readFileSync(new URL(${JSON.stringify(`./${file}`)}, import.meta.url), 'utf8');
  const { expectations, outcome } = await runScenario(readScenario(text, ${JSON.stringify(file)}));
  expect(expectations.filter(({ ok }) => !ok)).toEqual([]);
  expect(outcome).toBe('passed');
});
`;
