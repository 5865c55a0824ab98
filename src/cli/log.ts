/** `xstate-hub log`: logs that were kept, looked at, checked, and carried from one place to another. */
import { parseArgs } from 'node:util';
import { importRecords } from '../actors/import-log.ts';
import { redaction } from '../actors/redaction.ts';
import { type LogReport, verifyLog } from '../actors/verify-log.ts';
import { type HubRecord, payloadSchemas } from '../machines/messages.ts';
import { slipOf } from '../machines/nearest.ts';
import { recordText } from '../machines/record-text.ts';
import { refuse } from './bad-input.ts';
import { type Command, type CommandIo, type ExitCode, painter, UsageError } from './command.ts';
import { describe } from './describe.ts';
import { inspectLog, type LogFile, logFile, needSqlite, openStore, readLines, readRecords } from './log-file.ts';
import { formats } from './log-formats.ts';
import { checkOutput } from './output-file.ts';
import { recovered } from './recovered.ts';

const usage = `Usage: xstate-hub log export|import|verify|show STORE [options]

STORE is sqlite:FILE, or a file of JSON lines that ends in .jsonl. A log can be looked at while a hub writes to it.

  log show STORE [--from N] [--to N] [--type T] [--redact KEYS] [--json]
                             its records, as lines for people or as JSON lines; T may end in a * (task.*)
  log verify STORE [--json]  whether it is whole, and what became of every task:
                             { records, chain, accepted, terminal, open, lost, duplicated, deadLetters };
                             chain is "ok", or "none" for JSON lines without hashes, or { brokenAt }
  log export STORE [--as FORMAT] [--out FILE] [--redact KEYS]
                             as JSON lines, to FILE or to the terminal; or as a trace for Perfetto (trace), as a
                             sequence diagram in Mermaid (sequence), or as a test (test): a scenario and a vitest
                             file in the folder FILE, which is made if it is not there
  log import STORE FILE [--json]
                             puts the JSON lines of FILE into a sqlite:FILE that is empty or not there

  --redact KEYS              in what is shown or exported, values under these names are "[redacted]": keys or
                             ends of dotted paths, with commas between them (token,auth.password)

Exit codes: 0 fine; 1 the log or its checkpoint is damaged, or a task was lost or ended twice; 2 bad input`;

interface Options {
  readonly json: boolean;
  readonly from: number;
  readonly to: number;
  readonly type: string | undefined;
  readonly out: string | undefined;
  readonly as: string;
  readonly redact: readonly string[];
  /** What stands behind STORE. */
  readonly rest: readonly string[];
}

interface Action {
  /** The options that it has. */
  readonly takes: readonly string[];
  readonly run: (file: LogFile, options: Options, io: CommandIo) => Promise<ExitCode>;
}

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['show', { takes: ['from', 'to', 'type', 'json', 'redact'], run: show }],
  ['verify', { takes: ['json'], run: verify }],
  ['export', { takes: ['as', 'out', 'redact'], run: exportTo }],
  ['import', { takes: ['json'], run: importFrom }],
]);

export const log: Command = {
  name: 'log',
  summary: 'look at a log that was kept, check it, export and import it',
  usage,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        from: { type: 'string' },
        to: { type: 'string' },
        type: { type: 'string' },
        out: { type: 'string' },
        as: { type: 'string' },
        redact: { type: 'string', multiple: true },
      },
    });
    const [name = '', store, ...rest] = positionals;
    const action = actions.get(name);
    if (action === undefined) throw new UsageError(`expected one of ${[...actions.keys()].join(', ')}`);
    const stray = Object.keys(values).find((option) => !action.takes.includes(option));
    if (stray !== undefined) throw new UsageError(`log ${name} has no --${stray}`);
    if (store === undefined) throw new UsageError('which log? Give sqlite:FILE, or a .jsonl file');
    const most = name === 'import' ? 1 : 0;
    if (rest.length > most) throw new UsageError(`"${rest[most]}" is one too many`);
    const file = logFile(store);
    refuseUnknownType(values.type);
    const options = {
      json: values.json ?? false,
      from: place(values.from, '--from') ?? 1,
      to: place(values.to, '--to') ?? Number.MAX_SAFE_INTEGER,
      type: values.type,
      out: values.out,
      as: values.as ?? 'jsonl',
      redact: (values.redact ?? []).flatMap((keys) => keys.split(',')).filter((key) => key !== ''),
      rest,
    };
    if (options.from > options.to) throw new UsageError(`--from ${options.from} is behind --to ${options.to}`);
    try {
      return await action.run(file, options, io);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      return refuse(error, file.path, options.json, io);
    }
  },
};

function place(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const seq = Number(text);
  if (!Number.isSafeInteger(seq) || seq < 1) throw new UsageError(`${option} takes the number of a record, from 1`);
  return seq;
}

/** What no message can be would show nothing, as if nothing of it had happened. */
function refuseUnknownType(type: string | undefined): void {
  const types = Object.keys(payloadSchemas);
  if (type === undefined || types.some((known) => matches(type, known))) return;
  const groups = types.map((known) => `${known.split('.', 1)}.*`);
  const meant = slipOf(type, type.endsWith('*') ? groups : types);
  throw new UsageError(`no message is a ${type}${meant === undefined ? '' : `; did you mean ${meant}?`}`);
}

const matches = (pattern: string, type: string): boolean =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;

async function show(file: LogFile, { from, to, type, json, redact }: Options, io: CommandIo): Promise<ExitCode> {
  const clean = redaction(redact);
  for (const record of await readRecords(file)) {
    if (record.seq < from || record.seq > to || (type !== undefined && !matches(type, record.type))) continue;
    io.stdout.write(json ? `${recordText(clean(record))}\n` : line(clean(record)));
  }
  return 0;
}

function line(record: HubRecord): string {
  const { route, what } = describe(record);
  return `${String(record.seq).padStart(6)}  ${new Date(record.at).toISOString()}  ${route.padEnd(30)} ${what}\n`;
}

async function verify(file: LogFile, { json }: Options, io: CommandIo): Promise<ExitCode> {
  const { records, chain, checkpoint } = await inspectLog(file);
  let known: ReturnType<typeof recovered> | undefined;
  try {
    if (checkpoint instanceof Error) throw checkpoint;
    known = recovered(records, checkpoint);
  } catch (error) {
    io.stderr.write(`a hub cannot recover from this log: ${(error as Error).message}\n`);
  }
  const report = verifyLog(records, { chain, ...known });
  io.stdout.write(json ? `${JSON.stringify(report)}\n` : told(file, report, io));
  return known !== undefined && isUnbroken(report) && report.lost === 0 && report.duplicated === 0 ? 0 : 1;
}

const isUnbroken = ({ chain }: LogReport): boolean => typeof chain !== 'object';

function told({ path }: LogFile, { chain, ...counts }: LogReport, io: CommandIo): string {
  const paint = painter(io);
  const bad = (count: number) => (count === 0 ? '0' : paint('red', String(count)));
  return [
    typeof chain === 'object'
      ? paint('red', `${path} is damaged at record ${chain.brokenAt}`)
      : paint('green', `${path} is ${chain === 'ok' ? 'whole' : 'in order; its lines have no hashes'}`),
    `  ${counts.records} records, ${counts.accepted} tasks accepted: ${counts.terminal} ended, ${counts.open} open`,
    `  lost ${bad(counts.lost)}, ended twice ${bad(counts.duplicated)}, dead letters ${counts.deadLetters}`,
    '',
  ].join('\n');
}

async function exportTo(file: LogFile, { out, as, redact }: Options, io: CommandIo): Promise<ExitCode> {
  const write = formats.get(as);
  if (write === undefined) throw new UsageError(`--as takes one of ${[...formats.keys()].join(', ')}`);
  if (out !== undefined && as !== 'test') await checkOutput(out, [file.path]);
  const records = (await readRecords(file)).map(redaction(redact));
  await write({ records, path: file.path, out }, io);
  return 0;
}

async function importFrom(file: LogFile, { rest, json }: Options, io: CommandIo): Promise<ExitCode> {
  const [source] = rest;
  if (source === undefined) throw new UsageError('import what? Give a file of JSON lines');
  needSqlite(file);
  let log: readonly HubRecord[];
  try {
    log = await readLines(source); // A log that cannot be read leaves no empty file behind.
  } catch (error) {
    return refuse(error, source, json, io);
  }
  const store = await openStore(file);
  try {
    const records = await importRecords(log, store);
    io.stdout.write(json ? `${JSON.stringify({ records })}\n` : `${records} records are in ${file.path}\n`);
    return 0;
  } finally {
    await store.close();
  }
}
