/** The life of an actor as spans: in which state it was, from when to when. */
import type { History } from './history.ts';
import type { Run } from './run.ts';

export interface Span {
  readonly state: string;
  /** The record that it began with. */
  readonly seq: number;
  /** In ms since the epoch. */
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
}

interface Known {
  /** How many events are in it. */
  count: number;
  readonly spans: Span[];
}

const known = new WeakMap<History, Known>();

/** All spans so far; those of the same state that follow each other are one. */
export function spansOf(run: Run, actor: History): readonly Span[] {
  let of = known.get(actor);
  if (of === undefined) {
    of = { count: 0, spans: [] };
    known.set(actor, of);
  }
  const { stays } = actor;
  for (; of.count < stays.length; of.count++) {
    const { seq, means: state } = stays[of.count] as (typeof stays)[number];
    const last = of.spans.at(-1);
    if (last?.state === state) continue;
    const from = run.atOf(seq) ?? 0;
    if (last !== undefined) of.spans[of.spans.length - 1] = { ...last, to: from };
    of.spans.push({ state, seq, from, to: null });
  }
  return of.spans;
}

/** States in which nothing more happens to a task. */
export const isEnd = (state: string): boolean => /^(completed|failed|cancelled|stopped|broken)$/.test(state);

export interface Sums {
  readonly waited: number;
  readonly worked: number;
  readonly asked: number;
  readonly human: number;
  /** When it ended, in ms since the epoch; null while it has not. */
  readonly endedAt: number | null;
}

/** How long a task was what, up to a moment. */
export function sumsOf(spans: readonly Span[], seq: number, now: number): Sums {
  const sums = { waited: 0, worked: 0, asked: 0, human: 0, endedAt: null as number | null };
  for (const { state, seq: began, from, to } of spans) {
    if (began > seq) break;
    const lasted = Math.min(to ?? now, now) - from;
    if (isEnd(state)) sums.endedAt = from;
    else if (state === 'running.consulting') sums.asked += lasted;
    else if (state === 'running.awaitingHuman') sums.human += lasted;
    else if (state.startsWith('running') || state === 'assigned') sums.worked += lasted;
    else sums.waited += lasted;
  }
  return sums;
}
