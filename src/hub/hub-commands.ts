/** What the hub can do about itself and its project, and what it tells. */
import type { AnyActorRef } from 'xstate';
import type { SealedActor } from '../actors/sealed-actor.ts';
import type { Store } from '../actors/store.ts';
import { HubError } from '../machines/errors.ts';
import {
  type HubRecord,
  type MessageType,
  type PayloadInput,
  payloadSchemas,
  type RecordOf,
} from '../machines/messages.ts';
import type { Desk } from './desk.ts';
import { follow } from './follow.ts';
import { functionOf, seqOf } from './given.ts';
import { type Health, healthOf } from './health.ts';
import type { HubLogic } from './logic.ts';
import { type Picture, pictureOf } from './picture.ts';
import { type HubStatus, type ProjectView, viewProject, viewStatus } from './views.ts';

/** Events that are records under another name, as the requirements call them. */
const aliases = {
  'task.submitted': 'task.submit',
  'task.routed': 'task.assigned',
  'task.dequeued': 'task.assigned',
} as const satisfies { readonly [alias: string]: MessageType };

type Alias = keyof typeof aliases;
export type EventName = MessageType | Alias | '*';
type RecordFor<E extends EventName> = E extends Alias
  ? RecordOf<(typeof aliases)[E]>
  : E extends MessageType
    ? RecordOf<E>
    : HubRecord;

const eventNames: ReadonlySet<string> = new Set(['*', ...Object.keys(aliases), ...Object.keys(payloadSchemas)]);

async function* recordsOf(store: Store, fromSeq: number): AsyncGenerator<HubRecord, void> {
  yield* store.read(fromSeq);
}

export type HubCommands = ReturnType<typeof hubCommands>;

export function hubCommands(desk: Desk, stopped: Promise<void>) {
  const { state } = desk;
  const { kernel, listeners, store } = desk.parts;
  return {
    /** The hub's XState actor: subscribe to it, select from it, inspect it. Only the hub moves it. */
    actor: desk.parts.actor as SealedActor<HubLogic>,

    /** Every actor that is alive: the hub's own first, then agents, tasks and what they have open. */
    actors(): AnyActorRef[] {
      const { agents, tasks, consultations, gates, orchestrations } = state;
      const entries = [agents.all(), tasks.values(), consultations.values(), gates.values(), orchestrations.values()];
      const children = entries.flatMap((those) => [...those].map(({ actor }) => actor));
      return [desk.parts.actor, ...children.filter((actor) => actor !== null)] as AnyActorRef[];
    },

    /** Resolves when the hub has stopped; rejects when its store failed. */
    stopped,

    updateProject(update: { readonly phase?: string; readonly metadata?: { readonly [key: string]: unknown } }): void {
      desk.command('project.update', update as PayloadInput<'project.update'>);
    },

    projectState(): ProjectView {
      return viewProject(state);
    },

    /** The whole picture, for people. */
    status(): HubStatus {
      return viewStatus(state);
    },

    /** Whether it works as it should, part by part, with reasons. */
    health(): Health {
      return healthOf(state, kernel.now(), kernel.failure);
    },

    /** The state as one plain value; equal to `foldLog` of the log so far. */
    picture(): Picture {
      return pictureOf(state);
    },

    /** Gives out no work until `resume`; what runs goes on, and tasks are still taken. */
    pause(reason = 'paused'): void {
      desk.command('hub.pause', { reason });
    },

    resume(): void {
      desk.command('hub.resume', {});
    },

    /** Takes no new tasks and stops when nothing is left. Resolves then. */
    drain(): Promise<void> {
      desk.command('hub.drain', {});
      return stopped;
    },

    /** Stops now: drivers are called off, and what is not finished stays in the log. */
    stop(reason = 'stopped'): Promise<void> {
      if (state.life !== 'stopped') desk.command('hub.stop', { reason });
      return stopped;
    },

    /** Calls `listener` with each record of that type (or `*`) once it is durable; the answer ends that. */
    on<E extends EventName>(event: E, listener: (record: RecordFor<E>) => void): () => void {
      if (!eventNames.has(event)) {
        throw new HubError('invalid', 'event: expected a type of record, or *', {
          path: 'event',
          expected: 'a type of record, or *',
        });
      }
      const type = Object.hasOwn(aliases, event) ? aliases[event as Alias] : event;
      return listeners.add(type, functionOf(listener, 'listener') as (record: HubRecord) => void);
    },

    /** The durable records from `fromSeq` on. */
    log(fromSeq = 1): AsyncIterableIterator<HubRecord> {
      return recordsOf(store, seqOf(fromSeq, 'fromSeq'));
    },

    /**
     * The durable records from `fromSeq` on, and then each as it comes, until the hub stops or you break off. Rejects
     * when the hub fails; with `pruned` when the store lets go of records before you come to them.
     */
    follow(fromSeq = 1): AsyncIterableIterator<HubRecord, void> {
      return follow(desk, seqOf(fromSeq, 'fromSeq'), stopped);
    },

    /** Resolves when all that was said so far is durable and its effects have begun. */
    settled(): Promise<void> {
      return kernel.settled();
    },

    /** Whether nothing is on its way to the store. */
    isSettled(): boolean {
      return kernel.isSettled;
    },
  };
}
