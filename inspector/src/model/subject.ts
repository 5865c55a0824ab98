/** An actor as its views need it: its chart, its life up to the moment, what it is called. The hub is one, too. */
import type { ActorKind, History, Stay } from './history.ts';
import type { Run } from './run.ts';
import { type Tone, toneOf, wordsOf } from './tone.ts';

export type SubjectKind = ActorKind | 'hub';

export interface Subject {
  /** `task:t1`, or `hub`. */
  readonly id: string;
  readonly kind: SubjectKind;
  readonly name: string;
  /** Every event that it took up to the moment, in order. */
  readonly stays: readonly Stay[];
}

/** Null when it is not there at that moment. */
export function subjectAt(run: Run, id: string, position: number): Subject | null {
  if (id === 'hub') return { id, kind: 'hub', name: 'hub', stays: staysOfHub(run, position) };
  const actor: History | undefined = run.actors.get(id);
  const count = actor?.countAt(position) ?? 0;
  if (actor === undefined || count === 0) return null;
  return { id, kind: actor.kind, name: actor.name, stays: actor.stays.slice(0, count) };
}

const hubStates: { readonly [type: string]: string } = {
  'hub.started': 'running',
  'hub.pause': 'paused',
  'hub.resume': 'running',
  'hub.drain': 'draining',
  'hub.stopped': 'stopped',
};

const lives = new WeakMap<Run, { seen: number; readonly stays: Stay[] }>();

/** What the hub's own chart makes of the log: a pause outlives a restart. */
function staysOfHub(run: Run, position: number): Stay[] {
  const life = lives.get(run) ?? {
    seen: 0,
    stays: [{ seq: 0, state: 'recovering', event: 'xstate.init', means: 'recovering' }],
  };
  lives.set(run, life);
  for (; life.seen < run.head; life.seen++) {
    const seq = life.seen + 1;
    const type = run.typeOf(seq) ?? '';
    const state = hubStates[type];
    if (state === undefined) continue;
    const before = life.stays.at(-1)?.state ?? '';
    const isPassedOver = type === 'hub.started' && before !== 'recovering' && before !== 'stopped';
    const now = isPassedOver ? before : state;
    life.stays.push({ seq, state: now, event: type, means: now });
  }
  return life.stays.filter(({ seq }) => seq <= position);
}

const hubTones: { readonly [state: string]: Tone } = { running: 'work', paused: 'held', draining: 'ask' };

export function toneOfSubject(kind: SubjectKind, state: string | undefined): Tone {
  if (kind === 'hub') return (state !== undefined && hubTones[state]) || 'idle';
  return toneOf(kind, state);
}

/** A state as people read it. Before its first record a hub recovers nothing: it has not started. */
export function wordsOfSubject(kind: SubjectKind, state: string): string {
  return kind === 'hub' && state === 'recovering' ? 'not started' : wordsOf(state);
}
