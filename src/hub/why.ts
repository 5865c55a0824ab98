/**
 * Why a record did what it did: for each actor that it reached, where its chart stood, which transitions it had for
 * that event, what their guards said, and where that led.
 *
 * Owns: watching one record being folded. Does not own: folding (logic.ts), nor why an agent was chosen (that stands
 * in the record itself), nor why a task waits (explanation.ts).
 *
 * - Y3 what is told is what happened: the hub's own fold takes the record, and guards are asked again only for what
 *   they had said then, with the context that they had then.
 */
import type { AnyActorRef, AnyEventObject, AnyMachineSnapshot, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { deliver, startSealed } from '../actors/sealed-actor.ts';
import type { SavedCheckpoint } from '../actors/store.ts';
import { type ChartTransition, toJson } from '../machines/description.ts';
import { HubError } from '../machines/errors.ts';
import { hubMachine } from '../machines/hub.ts';
import { canonicalJson, type Json } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { statePath } from '../machines/status.ts';
import { createHubLogic, restoreFrom, stateOf } from './logic.ts';

/** A transition that a chart had for an event, in the order in which they are tried. */
export interface TriedTransition extends ChartTransition {
  /** Path of the state that it belongs to: the one that the chart stood in, or one around it. Empty for the chart itself. */
  readonly state: string;
  /** What its guard said, and true without one; null when it was not asked, since one before it was taken. */
  readonly held: boolean | null;
  readonly isTaken: boolean;
}

/** An actor took an event. */
export interface ActorStep {
  /** `task:t1`; `hub` for the hub's own chart. */
  readonly actor: string;
  /** What its chart heard; `xstate.init` for its first. */
  readonly event: string;
  /** Where its chart stood: `running.working`. Null for an actor that has only now been made. */
  readonly before: string | null;
  readonly after: string;
  /** `ignored`: there was no transition for it. `refused`: there were, and no guard held. `broken`: the chart threw. */
  readonly outcome: 'made' | 'moved' | 'stayed' | 'ignored' | 'refused' | 'broken';
  /** One sentence. */
  readonly summary: string;
  readonly tried: readonly TriedTransition[];
  /** What its context said before and says now, for the fields that changed. */
  readonly changed: readonly { readonly field: string; readonly before: Json; readonly after: Json }[];
}

export interface RecordExplanation {
  readonly seq: number;
  /** Each actor that the record reached, in order. Empty when it moves none. */
  readonly steps: readonly ActorStep[];
}

/**
 * What record `seq` did, and on what grounds.
 *
 * Throws a {@link HubError} with `invalid` when it is not among `records`.
 *
 * @param records a log from its beginning, or from behind the checkpoint
 * @param from begins behind a checkpoint instead of before the first record
 */
export function explainRecord(records: readonly HubRecord[], seq: number, from?: SavedCheckpoint): RecordExplanation {
  const first = records[0]?.seq ?? 1;
  const record = records[seq - first];
  if (record === undefined) throw new HubError('invalid', `there is no record ${seq}`, { path: 'seq' });
  let watched: Watched[] | undefined;
  const actor = startSealed(createHubLogic(), {
    inspect(event) {
      if (watched === undefined || !('actorRef' in event)) return;
      const ref = event.actorRef as AnyActorRef;
      if (event.type === '@xstate.event') {
        if (ref !== actor) watched.push({ ref, event: event.event, before: snapshotOf(ref), microsteps: [] });
      } else if (event.type === '@xstate.microstep') {
        const { snapshot, _transitions: transitions } = event;
        last(watched, ref)?.microsteps.push({ snapshot: snapshot as AnyMachineSnapshot, transitions });
      }
    },
  });
  if (from !== undefined) restoreFrom(actor, from);
  const state = stateOf(actor.getSnapshot());
  for (let next = state.seq + 1; next < seq; next++) deliver(actor, records[next - first] as HubRecord);
  if (state.seq !== seq - 1)
    throw new Error(`the records do not lead to record ${seq}: the fold stands at ${state.seq}`);
  const life = state.life;
  watched = [];
  deliver(actor, record);
  return { seq, steps: [...hubStep(record, life, state.life), ...watched.map(stepOf)] };
}

interface Watched {
  readonly ref: AnyActorRef;
  readonly event: AnyEventObject;
  readonly before: AnyMachineSnapshot | undefined;
  readonly microsteps: {
    readonly snapshot: AnyMachineSnapshot;
    readonly transitions: readonly AnyTransitionDefinition[];
  }[];
}

const last = (watched: readonly Watched[], ref: AnyActorRef) => watched.findLast((one) => one.ref === ref);

/** Undefined for an actor that has not begun. */
function snapshotOf(ref: AnyActorRef): AnyMachineSnapshot | undefined {
  const { _processingStatus: status } = ref as unknown as { readonly _processingStatus: number };
  return status === 0 ? undefined : (ref.getSnapshot() as AnyMachineSnapshot);
}

function stepOf({ ref, event, before, microsteps }: Watched): ActorStep {
  const now = ref.getSnapshot() as AnyMachineSnapshot;
  const isMade = event.type === 'xstate.init' || before === undefined;
  const tried: TriedTransition[] = [];
  let from = before;
  for (const [index, { snapshot, transitions }] of microsteps.entries()) {
    if (from !== undefined && !isMade) tried.push(...triedFrom(from, index === 0 ? event : null, event, transitions));
    from = snapshot;
  }
  const step = {
    actor: ref.id,
    event: event.type,
    before: isMade ? null : statePath(before.value),
    after: now.status === 'error' ? 'broken' : statePath(now.value),
    tried,
    changed: isMade ? [] : changesOf(before.context, now.context),
  };
  return { ...step, ...judge(step) };
}

/** The hub's own chart is not an actor, but the heart of one. */
function hubStep({ type }: HubRecord, before: string, after: string): ActorStep[] {
  if (!type.startsWith('hub.')) return [];
  const from = hubMachine.resolveState({ value: before as never });
  const event = { type };
  const candidates = candidatesOf(from, event);
  const taken = candidates.find(({ transition, node }) => guardHolds(transition, node, from, event));
  const tried = triedFrom(from, event, event, taken === undefined ? [] : [taken.transition]);
  const step = { actor: 'hub', event: type, before, after, tried, changed: [] };
  return [{ ...step, ...judge(step) }];
}

interface TransitionOfNode {
  readonly transition: AnyTransitionDefinition;
  readonly described: ChartTransition;
  readonly node: AnyStateNode;
}

/** What a chart that stands there has for an event, or for none: from the innermost state outwards. */
function candidatesOf(snapshot: AnyMachineSnapshot, event: AnyEventObject | null): TransitionOfNode[] {
  const nodes = (snapshot._nodes as AnyStateNode[]).toSorted((a, b) => b.path.length - a.path.length);
  return nodes.flatMap((node) => {
    const { root, states } = toJson(node.machine);
    const path = node.path.join('.');
    const described = [root, ...states].find((state) => state.path === path)?.transitions ?? [];
    const own = [...node.transitions.values(), node.always ?? []].flat(); // In the order of the description.
    return own.flatMap((transition, index) => {
      const isFor = event === null ? transition.eventType === '' : transition.eventType === event.type;
      return isFor ? [{ transition, described: described[index] as ChartTransition, node }] : [];
    });
  });
}

function triedFrom(
  snapshot: AnyMachineSnapshot,
  trigger: AnyEventObject | null,
  event: AnyEventObject,
  taken: readonly AnyTransitionDefinition[],
): TriedTransition[] {
  let isOver = false;
  return candidatesOf(snapshot, trigger).map(({ transition, described, node }) => {
    const isTaken = taken.includes(transition);
    const held = isTaken || (isOver ? null : guardHolds(transition, node, snapshot, event));
    isOver ||= isTaken;
    return { ...described, state: node.path.join('.'), held, isTaken };
  });
}

/** A guard with a name, asked again; it looks at context and event alone. */
function guardHolds(
  { guard }: AnyTransitionDefinition,
  { machine }: AnyStateNode,
  { context }: AnyMachineSnapshot,
  event: AnyEventObject,
): boolean {
  if (guard === undefined) return true;
  const name = typeof guard === 'string' ? guard : (guard as { readonly type?: string }).type;
  const known = machine.implementations.guards as { readonly [name: string]: unknown };
  const test = name === undefined ? guard : known[name];
  return typeof test === 'function' && Boolean(test({ context, event }));
}

function changesOf(before: object, after: object): ActorStep['changed'] {
  const [old, now] = [before, after] as { readonly [field: string]: Json }[];
  return Object.keys({ ...old, ...now }).flatMap((field) => {
    const [was, is] = [old?.[field] ?? null, now?.[field] ?? null];
    return canonicalJson(was) === canonicalJson(is) ? [] : [{ field, before: was, after: is }];
  });
}

function judge(
  step: Pick<ActorStep, 'event' | 'before' | 'after' | 'tried' | 'changed'>,
): Pick<ActorStep, 'outcome' | 'summary'> {
  const { event, before, after, tried, changed } = step;
  if (after === 'broken') return { outcome: 'broken', summary: `its chart failed at ${event} in state ${before}` };
  if (before === null) return { outcome: 'made', summary: `it begins in state ${after}` };
  if (tried.length === 0) return { outcome: 'ignored', summary: `no transition for ${event} in state ${before}` };
  if (!tried.some(({ isTaken }) => isTaken)) {
    return { outcome: 'refused', summary: `no guard held for ${event} in state ${before}` };
  }
  if (before !== after) return { outcome: 'moved', summary: `${before} → ${after}` };
  const what = changed.length === 0 ? '' : `, and notes ${changed.map(({ field }) => field).join(', ')}`;
  return { outcome: 'stayed', summary: `it stays in state ${before}${what}` };
}
