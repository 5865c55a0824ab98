/**
 * What a state means to a person: one of seven tones, each with a colour, a mark and a word of its own, so that nobody
 * needs the colour.
 */
import type { HubRecord } from 'xstate-hub';
import type { ActorKind } from './history.ts';

export type Tone = 'idle' | 'work' | 'ask' | 'human' | 'held' | 'done' | 'trouble';

const tones: { readonly [kind in ActorKind]: { readonly [state: string]: Tone } } = {
  task: {
    'running.consulting': 'ask',
    'running.awaitingHuman': 'human',
    running: 'work',
    assigned: 'work',
    retrying: 'trouble',
    completed: 'done',
    failed: 'trouble',
    broken: 'trouble',
  },
  agent: {
    'active.waiting': 'ask',
    'active.answering': 'ask',
    active: 'work',
    awaitingHuman: 'human',
    paused: 'held',
    tripped: 'trouble',
    unreachable: 'trouble',
    broken: 'trouble',
  },
  consultation: { requested: 'ask', asked: 'ask', answered: 'done', unavailable: 'trouble', expired: 'trouble' },
  gate: { open: 'human', approved: 'done', rejected: 'trouble', expired: 'trouble' },
  orchestration: {
    analysing: 'work',
    planning: 'work',
    running: 'work',
    blocked: 'human',
    paused: 'held',
    completed: 'done',
    failed: 'trouble',
  },
};

/** @param state `running.consulting`; the innermost part that has a tone of its own counts */
export function toneOf(kind: ActorKind, state: string | undefined): Tone {
  if (state === undefined) return 'idle';
  const of = tones[kind];
  return of[state] ?? of[state.split('.')[0] ?? ''] ?? 'idle';
}

/** The tone of a record in the log. */
export function toneOfRecord({ type }: Pick<HubRecord, 'type'>): Tone {
  if (
    type.startsWith('deadletter.') ||
    /\.(failed|error|lost|tripped|zombie|rejected|unavailable|invalid)$/.test(type)
  ) {
    return 'trouble';
  }
  if (type.startsWith('gate.')) return type === 'gate.approved' ? 'done' : 'human';
  if (type.startsWith('consultation.')) return 'ask';
  if (/\.(completed|restored)$/.test(type)) return 'done';
  if (/^task\.(assigned|started|progressed|result|retried)$/.test(type)) return 'work';
  return 'idle';
}

/** `running.awaitingHuman` as people read it: "awaiting human". */
export function wordsOf(state: string): string {
  const inner = state.slice(state.lastIndexOf('.') + 1);
  return inner.replace(/([A-Z])/g, ' $1').toLowerCase();
}
