/**
 * Actors that only the hub can move.
 *
 * They are real XState actors: subscribe to them, select from them, inspect them. But `send` and `stop`
 * refuse, because a state that did not come from the log would be a state that no fold can find again.
 * The hub itself delivers through {@link deliver}. This is the only file that creates XState actors for
 * the hub.
 */
import {
  Actor,
  type ActorOptions,
  type AnyActorLogic,
  type AnyActorRef,
  createActor,
  type EventFromLogic,
  type Snapshot,
} from 'xstate';
import { HubError } from '../machines/errors.ts';
import { byTable } from './step-table.ts';

export type SealedActor<L extends AnyActorLogic> = Actor<L>;

const refuse = (): never => {
  throw new HubError('forbidden', 'this actor is moved by the hub only: use the methods of the hub');
};

function seal<L extends AnyActorLogic>(actor: Actor<L>): SealedActor<L> {
  actor.send = refuse;
  actor.stop = refuse;
  return actor;
}

/** A started child of the hub. Kept out of the parent's snapshot, so that spawning costs the same at any number. */
export function spawnSealed<L extends AnyActorLogic>(
  logic: L,
  options: { readonly parent: AnyActorRef; readonly id: string; readonly input: unknown },
): SealedActor<L> {
  const actor = createActor(byTable(logic), options as unknown as ActorOptions<L>) as unknown as Actor<L>;
  return seal(actor.start());
}

/**
 * As {@link spawnSealed}, where a persisted snapshot says; XState may write into that.
 *
 * Throws what XState has against it: a state that the chart does not have, for one.
 */
export function restoreSealed<L extends AnyActorLogic>(
  logic: L,
  options: { readonly parent: AnyActorRef; readonly id: string; readonly snapshot: Snapshot<unknown> },
): SealedActor<L> {
  const actor = createActor(byTable(logic), options as unknown as ActorOptions<L>) as unknown as Actor<L>;
  const { status, error } = actor.getSnapshot() as Snapshot<unknown>;
  if (status === 'error') throw error;
  return seal(actor.start());
}

/** The hub's own actor: a root. */
export function startSealed<L extends AnyActorLogic>(logic: L, options: ActorOptions<L>): SealedActor<L> {
  return seal((createActor as (logic: L, options: ActorOptions<L>) => Actor<L>)(logic, options).start());
}

/** Sends past the seal. */
export function deliver<L extends AnyActorLogic>(actor: SealedActor<L>, event: EventFromLogic<L>): void {
  Actor.prototype.send.call(actor, event as never);
}
