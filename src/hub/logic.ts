/**
 * The hub actor: XState actor logic whose transition is the fold of one record.
 *
 * Owns: applying records to the state, the hub's chart, the snapshot. Does not own: which records there
 * are; the kernel decides and stamps them.
 *
 * - Y1 only the record behind the last one is folded; any other event, however it is called, does nothing.
 * - Y2 a hub can begin where a checkpoint says instead of with nothing; no effect runs, as in every fold.
 */
import { type ActorLogic, type AnyActorRef, initialTransition, type Snapshot, transition } from 'xstate';
import { deliver, type SealedActor } from '../actors/sealed-actor.ts';
import type { SavedCheckpoint } from '../actors/store.ts';
import { HubError } from '../machines/errors.ts';
import { hubMachine } from '../machines/hub.ts';
import type { HubRecord, MessageType, RecordOf } from '../machines/messages.ts';
import { agentFolds } from './agents.ts';
import { breakerFolds } from './breaker.ts';
import { restoreState } from './checkpoint.ts';
import { consultationFolds } from './consultations.ts';
import { deadLetterFolds } from './dead-letters.ts';
import { gateFolds } from './gates.ts';
import { lifeFolds } from './life.ts';
import { isTheirOwn, messageFolds } from './messages.ts';
import { orchestrationFolds } from './orchestration-folds.ts';
import { scheduleFolds } from './schedules.ts';
import { type Charts, charts, HubState } from './state.ts';
import { taskFolds } from './tasks.ts';
import type { Folds } from './turn.ts';

const folds: Folds = {
  ...taskFolds,
  ...agentFolds,
  ...messageFolds,
  ...consultationFolds,
  ...gateFolds,
  ...deadLetterFolds,
  ...breakerFolds,
  ...scheduleFolds,
  ...orchestrationFolds,
  ...lifeFolds,
};

type LifeSnapshot = ReturnType<typeof hubMachine.getInitialSnapshot>;

export type HubSnapshot = Snapshot<undefined> & {
  /** Where the hub's own chart stands: recovering, running, paused, draining, stopped. */
  readonly value: LifeSnapshot['value'];
  readonly context: {
    /** How many records are folded. */
    readonly seq: number;
    /** `at` of the last one. */
    readonly at: number;
  };
};

/** Behind a symbol, so that neither JSON nor an inspector takes the tables for part of the snapshot. */
const inside = Symbol('inside');
interface Internal {
  readonly [inside]: { readonly life: LifeSnapshot; readonly state: HubState };
}

export type HubLogic = ActorLogic<HubSnapshot & Internal, HubRecord, undefined>;

export function createHubLogic(withCharts: Charts = charts): HubLogic {
  return {
    getInitialSnapshot({ self }) {
      const [life] = initialTransition(hubMachine);
      return snapshotOf(life, new HubState(self as AnyActorRef, withCharts));
    },
    transition(snapshot, record) {
      const { state, life: before } = snapshot[inside];
      if (record === restored) return snapshotOf(hubMachine.resolveState({ value: state.life }), state);
      if (record.seq !== state.seq + 1) return snapshot;
      state.advance(record);
      const life = record.type.startsWith('hub.') ? live(before, record) : before;
      state.life = life.value;
      fold(state, record);
      if (isTheirOwn(record)) state.hear(record.from);
      return snapshotOf(life, state);
    },
    getPersistedSnapshot: ({ status, output, error, value, context }) =>
      ({ status, output, error, value, context }) as Snapshot<unknown>,
  };
}

function fold<T extends MessageType>(state: HubState, record: RecordOf<T>): void {
  const apply = folds[record.type as T] as ((state: HubState, record: RecordOf<T>) => void) | undefined;
  apply?.(state, record);
}

function live(life: LifeSnapshot, { type }: HubRecord): LifeSnapshot {
  const [next] = transition(hubMachine, life, { type } as Parameters<typeof transition<typeof hubMachine>>[2]);
  return next;
}

const snapshotOf = (life: LifeSnapshot, state: HubState): HubSnapshot & Internal => ({
  status: 'active',
  output: undefined,
  error: undefined,
  value: life.value,
  context: { seq: state.seq, at: state.at },
  [inside]: { life, state },
});

/** Tells the hub's actor that its tables were filled. Nobody else has it, so nobody else can say so. */
const restored = Object.freeze({ type: 'hub.restored' }) as unknown as HubRecord;

/**
 * Puts a new hub where a checkpoint says.
 *
 * Throws what {@link restoreState} throws; the actor is of no use then.
 */
export function restoreFrom(actor: SealedActor<HubLogic>, { seq, entries }: SavedCheckpoint): void {
  const state = stateOf(actor.getSnapshot());
  restoreState(state, entries);
  if (state.seq !== seq) throw new HubError('storeFailed', `the checkpoint at ${seq} says that it is at ${state.seq}`);
  deliver(actor, restored);
}

/** The tables behind a hub's snapshot. For the hub itself. */
export const stateOf = (snapshot: HubSnapshot & Internal): HubState => snapshot[inside].state;
