/**
 * A log as a trace that Perfetto and Chrome (`chrome://tracing`) show: a track for each task and each agent, with the
 * states that it was in as slices; arrows for assignments, messages, questions and their answers.
 *
 * - Tr1 the slices of an actor lie end to end: at any moment of its life, the one that holds it is its state then.
 */
import type { HubRecord } from '../machines/messages.ts';
import { openFold } from './picture.ts';

/** An event of the Trace Event Format; times in µs since the first record. */
export interface TraceEvent {
  readonly name: string;
  /** X: a slice; M: a name; s, f: the ends of an arrow. */
  readonly ph: 'X' | 'M' | 's' | 'f';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  /** An arrow ends at the slice that holds its end. */
  readonly bp?: 'e';
  readonly args?: { readonly [key: string]: string | number };
}

export interface Trace {
  readonly displayTimeUnit: 'ms';
  readonly traceEvents: readonly TraceEvent[];
}

/** Tracks stand in groups, in this order. */
const groups = ['agent', 'task', 'consultation', 'gate', 'orchestration'];

const isOver: ReadonlySet<string> = new Set([
  ...['completed', 'failed', 'cancelled', 'stopped'],
  ...['answered', 'unavailable', 'expired', 'approved', 'rejected'],
]);

interface Track {
  readonly pid: number;
  readonly tid: number;
  readonly cat: string;
  state: string;
  since: number;
  /** The record by which it came into its state. */
  seq: number;
}

/** @param records a log from its beginning */
export function traceOf(records: Iterable<HubRecord>): Trace {
  const fold = openFold();
  const events: TraceEvent[] = groups.map((group, index) => named('process_name', `${group}s`, index + 1, 0));
  const tracks = new Map<string, Track>();
  const specialists = new Map<string, string>();
  let start: number | undefined;
  let now = 0;

  const close = (track: Track) => {
    if (now <= track.since || isOver.has(track.state)) return;
    const { pid, tid, cat, state, since, seq } = track;
    events.push({ name: state, ph: 'X', cat, pid, tid, ts: since, dur: now - since, args: { record: seq } });
  };
  const trackOf = (actor: string): Track => {
    const known = tracks.get(actor);
    if (known !== undefined) return known;
    const kind = actor.slice(0, actor.indexOf(':'));
    const pid = groups.indexOf(kind) + 1;
    const track = { pid, tid: tracks.size + 1, cat: kind, state: '', since: now, seq: 0 };
    tracks.set(actor, track);
    events.push(named('thread_name', actor.slice(actor.indexOf(':') + 1), pid, track.tid));
    return track;
  };
  const arrow = (name: string, seq: number, from: string, to: string) => {
    for (const [ph, actor] of [['s', from] as const, ['f', to] as const]) {
      const track = tracks.get(actor);
      if (track === undefined) return;
      const { pid, tid } = track;
      events.push({ name, ph, cat: 'message', id: seq, pid, tid, ts: now, ...(ph === 'f' && { bp: 'e' as const }) });
    }
  };

  for (const record of records) {
    start ??= record.at;
    now = (record.at - start) * 1000;
    for (const { actor, state } of fold.next(record)) {
      const track = trackOf(actor);
      if (track.state === state) continue;
      close(track);
      Object.assign(track, { state, since: now, seq: record.seq });
    }
    const { type, seq, payload, from, to } = record;
    if (type === 'task.assigned') arrow(type, seq, `task:${payload.taskId}`, `agent:${payload.agentId}`);
    else if (type === 'message.send') arrow(payload.messageType, seq, `agent:${from}`, `agent:${to}`);
    else if (type === 'consultation.request') specialists.set(payload.consultationId, from);
    else if (type === 'consultation.asked' || type === 'consultation.answered') {
      const asker = `agent:${specialists.get(payload.consultationId) ?? ''}`;
      const other = `agent:${payload.agentId}`;
      if (type === 'consultation.asked') arrow(type, seq, asker, other);
      else arrow(type, seq, other, asker);
    }
  }
  for (const track of tracks.values()) close(track);
  return { displayTimeUnit: 'ms', traceEvents: events };
}

const named = (what: 'process_name' | 'thread_name', name: string, pid: number, tid: number): TraceEvent => ({
  name: what,
  ph: 'M',
  pid,
  tid,
  args: { name },
});
