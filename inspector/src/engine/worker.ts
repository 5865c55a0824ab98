/** The worker behind a run: holds its source and its records, folds them, and answers the page's questions. */
import './no-eval.ts';
import { type ActorChange, exportLog, HubError, type HubRecord, openFold } from 'xstate-hub';
import { reachedBy } from './breakpoints.ts';
import { charts } from './charts.ts';
import { logSource } from './log-source.ts';
import { actorIn, queueIn } from './parts.ts';
import { Pictures } from './pictures.ts';
import type { Breakpoint, FromWorker, Opened, Origin, QuestionName, Questions, ToWorker, Trouble } from './protocol.ts';
import { simulationSource } from './simulation-source.ts';
import type { Sink, Source } from './source.ts';

/** Most records of one message to the page. */
const batchSize = 2_000;

const records: HubRecord[] = [];
const fold = openFold();
const pictures = new Pictures(records);
const queued = new Set<string>();
let lastChanges: readonly ActorChange[] = [];
let breakpoints: readonly Breakpoint[] = [];
let batch: { records: HubRecord[]; changes: (readonly ActorChange[])[] } = { records: [], changes: [] };
let source: Source | undefined;

const post = (message: FromWorker) => self.postMessage(message);

function flush(): void {
  if (batch.records.length === 0) return;
  post({ kind: 'records', ...batch });
  batch = { records: [], changes: [] };
}

const sink: Sink = {
  record(record) {
    lastChanges = fold.next(record);
    records.push(record);
    for (const { actor, state } of lastChanges) {
      if (state === 'queued') queued.add(actor);
      else queued.delete(actor);
    }
    batch.records.push(record);
    batch.changes.push(lastChanges);
    if (batch.records.length === 1) setTimeout(flush, 16);
    if (batch.records.length >= batchSize) flush();
  },
  over(result) {
    flush();
    post({ kind: 'over', result });
  },
  line(state, detail) {
    flush();
    post({ kind: 'line', state, detail });
  },
  reached: () => {
    const record = records.at(-1);
    return record && reachedBy({ record, changes: lastChanges, queued: queued.size }, breakpoints);
  },
  seq: () => records.length,
};

async function open(origin: Origin): Promise<Opened> {
  if (origin.kind === 'simulation') source = await simulationSource(origin, sink);
  else if (origin.kind === 'log') source = logSource(origin, sink);
  else throw new HubError('invalid', 'this page cannot attach to a hub yet');
  return source.opened;
}

function running(): Source {
  if (source === undefined) throw new HubError('invalid', 'nothing is open');
  return source;
}

const answers: { readonly [N in QuestionName]: (ask: Questions[N]['ask']) => unknown } = {
  open: ({ origin }) => open(origin),
  advance: ({ untilSeq }) => running().advance(untilSeq),
  halt() {
    running().halt();
    return { seq: records.length, why: 'halted' };
  },
  command: ({ command }) => running().command(command),
  breakpoints(ask) {
    breakpoints = ask.breakpoints;
    return null;
  },
  picture: ({ seq }) => pictures.at(seq),
  actor: ({ seq, id }) => actorIn(pictures.at(seq), id),
  queue: ({ seq }) => queueIn(pictures.at(seq)),
  explain: ({ seq, taskIds }) => (seq === records.length ? (running().explain?.(taskIds) ?? null) : null),
  plans: ({ seq }) => pictures.at(seq).orchestrations,
  charts: () => charts,
  export: ({ seq }) => [...exportLog(records.slice(0, seq))].join(''),
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

function troubleOf(error: unknown): Trouble {
  if (error instanceof HubError) {
    const { message, path, expected } = error;
    return { message, ...(path !== undefined && { path }), ...(expected !== undefined && { expected }) };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}
