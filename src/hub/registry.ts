/**
 * The agents that are registered, and which of them are free.
 *
 * - R1 `free` holds exactly the agents that may get work now, longest free first: `refresh` is called
 *   after every event that an agent's chart takes.
 * - R2 an agent looks for work when it has room for more, and again when it is idle: only then can it be asked.
 */

import type { InboxMessage } from '../actors/driver.ts';
import type { SealedActor } from '../actors/sealed-actor.ts';
import type { agentMachine } from '../machines/agent.ts';
import type { Payload, Requirements } from '../machines/messages.ts';
import type { BreakerState } from './breaker.ts';
import { FreeAgents, type FreeOrder } from './free-agents.ts';
import type { Performance } from './performance.ts';

export type AgentSpec = Payload<'agent.register'>;

export interface AgentEntry {
  spec: AgentSpec;
  readonly registeredAt: number;
  /** Sequence number of its registration: its place among all agents. */
  readonly place: number;
  /** Sequence number of its last registration: its place among those of its type. */
  typePlace: number;
  readonly actor: SealedActor<typeof agentMachine>;
  /** Messages that are not acknowledged, oldest first. */
  readonly inbox: InboxMessage[];
  completed: number;
  failed: number;
  failuresInRow: number;
  breaker: BreakerState;
  performance: Performance;
  /** When something was last heard of it, in ms since the epoch. */
  lastHeardAt: number;
  /** Whether only a registration brings it back: its driver is gone with the hub that had it. */
  mustRegister: boolean;
}

/** Whether an agent is what a task asks for. */
export function isCapable(spec: AgentSpec, requirements: Requirements, taskType: string): boolean {
  return (
    spec.works !== false &&
    (spec.taskTypes.length === 0 || spec.taskTypes.includes(taskType)) &&
    (requirements.agentType === undefined || requirements.agentType === spec.type) &&
    requirements.capabilities.every((capability) => spec.capabilities.includes(capability)) &&
    requirements.languages.every((language) => spec.languages.includes(language)) &&
    requirements.specialisations.every((one) => spec.specialisations.includes(one))
  );
}

export interface RegistryOrder {
  readonly types: readonly string[];
  readonly free: FreeOrder;
}

export class Registry {
  readonly #agents = new Map<string, AgentEntry>();
  readonly #byType = new Map<string, Set<string>>();
  readonly #free = new FreeAgents();
  /** Agents that have become free and have not looked for work since. */
  readonly becameFree = new Set<string>();
  /** Agents that were passed over for a task because they are kept for a question. */
  readonly kept = new Set<string>();

  get size(): number {
    return this.#agents.size;
  }

  add(entry: AgentEntry): void {
    const { agentId, type } = entry.spec;
    this.#agents.set(agentId, entry);
    bucket(this.#byType, type).add(agentId);
    this.refresh(entry);
  }

  remove(agentId: string): void {
    const entry = this.#agents.get(agentId);
    if (entry === undefined) return;
    this.#agents.delete(agentId);
    discard(this.#byType, entry.spec.type, agentId);
    this.#free.delete(entry.spec);
  }

  /** Gives an agent that shows up again what it says it is now. */
  respec(entry: AgentEntry, spec: AgentSpec, seq: number): void {
    const { agentId } = spec;
    discard(this.#byType, entry.spec.type, agentId);
    this.#free.delete(entry.spec);
    entry.spec = spec;
    entry.typePlace = seq;
    entry.mustRegister = false;
    bucket(this.#byType, spec.type).add(agentId);
    this.refresh(entry);
  }

  get(agentId: string): AgentEntry | undefined {
    return this.#agents.get(agentId);
  }

  all(): IterableIterator<AgentEntry> {
    return this.#agents.values();
  }

  /** The types that there are. */
  types(): string[] {
    return [...this.#byType.keys()];
  }

  *ofType(type: string): IterableIterator<AgentEntry> {
    for (const agentId of this.#byType.get(type) ?? []) yield this.#agents.get(agentId) as AgentEntry;
  }

  refresh(entry: AgentEntry): void {
    if (!mayTakeWork(entry)) {
      this.#free.delete(entry.spec);
    } else if (!this.isFree(entry) || isIdle(entry)) {
      this.#free.add(entry.spec);
      this.becameFree.add(entry.spec.agentId);
    }
  }

  isFree({ spec }: AgentEntry): boolean {
    return this.#free.has(spec.agentId);
  }

  /** Where an agent stands among the free ones, lower first; undefined for one that is not free. */
  freePlaceOf({ spec }: AgentEntry): number | undefined {
    return this.#free.placeOf(spec.agentId);
  }

  /** What cannot be told from the agents. */
  get order(): RegistryOrder {
    return { types: this.types(), free: this.#free.order };
  }

  /** Begins with agents that were kept, of which some have a place among the free ones. */
  restore(agents: readonly (readonly [AgentEntry, freePlace: number | null])[], { types, free }: RegistryOrder): void {
    for (const [entry] of agents.toSorted(([a], [b]) => a.place - b.place)) this.#agents.set(entry.spec.agentId, entry);
    for (const type of types) bucket(this.#byType, type);
    for (const [{ spec }] of agents.toSorted(([a], [b]) => a.typePlace - b.typePlace)) {
      bucket(this.#byType, spec.type).add(spec.agentId);
    }
    const places = agents.flatMap(([{ spec }, place]) => (place === null ? [] : [[spec, place] as const]));
    this.#free.restore(
      places.sort(([, a], [, b]) => a - b),
      free,
    );
  }

  /** The free agents that can do it, lazily, longest free first within a type. */
  *freeFor(requirements: Requirements, taskType: string): IterableIterator<AgentEntry> {
    const fitting = this.#free.find(requirements.agentType, (spec) => isCapable(spec, requirements, taskType));
    for (const agentId of fitting) yield this.#agents.get(agentId) as AgentEntry;
  }

  /** Agents of a type that can be asked now: idle, and able to answer. */
  *freeSpecialists(type: string): IterableIterator<AgentEntry> {
    for (const agentId of this.#free.find(type, ({ answers }) => answers)) {
      const entry = this.#agents.get(agentId) as AgentEntry;
      if (isIdle(entry)) yield entry;
    }
  }
}

const isIdle = ({ actor }: AgentEntry): boolean => actor.getSnapshot().value === 'idle';

function mayTakeWork(entry: AgentEntry): boolean {
  const snapshot = entry.actor.getSnapshot();
  if (snapshot.status !== 'active') return false;
  return (
    snapshot.value === 'idle' ||
    (entry.spec.concurrency > 1 &&
      entry.breaker === 'closed' &&
      (snapshot.matches({ active: 'working' }) || snapshot.matches({ active: 'waiting' })) &&
      snapshot.context.answering === null &&
      snapshot.context.tasks.length < entry.spec.concurrency)
  );
}

function bucket(index: Map<string, Set<string>>, key: string): Set<string> {
  let ids = index.get(key);
  if (ids === undefined) {
    ids = new Set();
    index.set(key, ids);
  }
  return ids;
}

function discard(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids?.delete(id) && ids.size === 0) index.delete(key);
}
