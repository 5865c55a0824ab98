/** The worker behind a run: holds its source and its records, folds them, and answers the page's questions. */
import './no-eval.ts';
import { type ActorChange, exportLog, HubError, type HubRecord, openFold, readRecord } from 'xstate-hub';
import { payloadSchemas } from 'xstate-hub/machines';
import { reachedBy } from './breakpoints.ts';
import { charts } from './charts.ts';
import { check } from './check.ts';
import { exportAs } from './export-as.ts';
import { hubSource } from './hub-source.ts';
import { healthIn, projectIn, whyAt } from './judgements.ts';
import { KeptLog } from './kept-log.ts';
import { logSource } from './log-source.ts';
import { Outbox } from './outbox.ts';
import { actorIn } from './parts.ts';
import { Pictures } from './pictures.ts';
import { ProjectChanges } from './project-changes.ts';
import type { Breakpoint, FromWorker, Opened, Origin, QuestionName, Questions, ToWorker } from './protocol.ts';
import { queueAt } from './queue.ts';
import { RecordText } from './record-text.ts';
import { Series } from './series.ts';
import { simulationSource } from './simulation-source.ts';
import type { Sink, Source } from './source.ts';
import { stuckIn } from './stuck.ts';
import { troubleOf } from './troubles.ts';

const log = new RecordText();
const fold = openFold();
const pictures = new Pictures(log, fold);
const series = new Series();
const projectChanges = new ProjectChanges();
const queued = new Set<string>();
let lastChanges: readonly ActorChange[] = [];
let breakpoints: readonly Breakpoint[] = [];
let lastRecord: HubRecord | undefined;
let source: Source | undefined;
let origin: Origin | undefined;
let kept: KeptLog | undefined;
/** Whether a simulation has come to its end. */
let isOver = false;

const post = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });
const outbox = new Outbox(post);
const flush = () => outbox.flush();

function take(record: HubRecord): void {
  pictures.before(record, fold);
  lastChanges = fold.next(record);
  lastRecord = record;
  series.take(record, lastChanges);
  projectChanges.take(record);
  for (const { actor, state } of lastChanges) {
    if (state === 'queued') queued.add(actor);
    else queued.delete(actor);
  }
  outbox.changes(lastChanges);
}

const sink: Sink = {
  record(record) {
    const line = JSON.stringify(record);
    log.add(line);
    outbox.lines(line, [record.at], [record.type]);
    take(record);
    kept?.take(record);
  },
  lines(lines, at, types) {
    log.add(lines);
    outbox.lines(lines, at, types);
  },
  fold() {
    const seq = fold.seq + 1;
    const line = log.lineOf(seq);
    if (line === undefined) return false;
    take(readRecord(line, seq));
    return true;
  },
  broken(error) {
    flush();
    post({ kind: 'broken', trouble: troubleOf(error) });
  },
  over(result) {
    isOver = result !== null;
    flush();
    post({ kind: 'over', result });
  },
  line(state, detail) {
    flush();
    post({ kind: 'line', state, detail });
  },
  reached: () =>
    lastRecord && reachedBy({ record: lastRecord, changes: lastChanges, queued: queued.size }, breakpoints),
  seq: () => fold.seq,
};

async function open(of: Origin, keepAs?: string): Promise<Opened> {
  origin = of;
  if (of.kind === 'simulation' && keepAs !== undefined) kept = await KeptLog.open(keepAs);
  if (origin.kind === 'simulation') source = await simulationSource(origin, sink);
  else if (origin.kind === 'log') source = await logSource(origin, sink);
  else source = await hubSource(origin, sink);
  return source.opened;
}

function* recordsUpTo(seq: number): Generator<HubRecord> {
  for (let next = 1; next <= Math.min(seq, fold.seq); next++) yield log.get(next) as HubRecord;
}

function running(): Source {
  if (source === undefined) throw new HubError('invalid', 'nothing is open');
  return source;
}

const answers: { readonly [N in QuestionName]: (ask: Questions[N]['ask']) => unknown } = {
  open: ({ origin, keepAs }) => open(origin, keepAs),
  advance: ({ untilSeq }) => running().advance(untilSeq),
  halt() {
    running().halt();
    return { seq: fold.seq, why: 'halted' };
  },
  command: ({ command }) => running().command(command),
  check: ({ text, file }) => check(text, file),
  breakpoints(ask) {
    breakpoints = ask.breakpoints;
    return null;
  },
  actor: ({ seq, id }) => actorIn(pictures.at(seq), id),
  queue: (ask) =>
    queueAt(pictures.foldAt(ask.seq), ask, ask.seq === fold.seq ? source?.explain : undefined, series.agingAt(ask.seq)),
  plans: ({ seq }) => pictures.at(seq).orchestrations,
  charts: () => charts,
  types: () => Object.keys(payloadSchemas),
  health: (ask) => healthIn(pictures.foldAt(ask.seq), series, log.get(ask.seq)?.at ?? 0, ask),
  stuck: ({ seq }) => stuckIn(pictures.foldAt(seq), isOver && seq === fold.seq),
  series: ({ columns }) => series.columns(columns),
  project: ({ seq }) => projectIn(pictures.foldAt(seq)),
  projectChanges: () => projectChanges.all,
  why: ({ seq, taskId }) => whyAt(log, pictures, seq, taskId),
  kept: () => kept?.state ?? null,
  keptLog: () => kept?.text ?? '',
  exportAs: (ask) => exportAs([...recordsUpTo(fold.seq)], origin, ask),
  export: ({ seq }) => [...exportLog(recordsUpTo(seq))].join(''),
};

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  const { id, question, ask } = data;
  try {
    const answer = await (answers[question] as (ask: unknown) => unknown)(ask);
    flush();
    post({ kind: 'answer', id, answer });
  } catch (error) {
    flush();
    post({ kind: 'refusal', id, trouble: troubleOf(error) });
  }
};
