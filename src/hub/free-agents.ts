/**
 * Which agents are free, and who of them can do what, without a look at each.
 *
 * - R3 longest free first, within a type.
 * - R4 agents that can do the same share a profile, and a search looks at one agent of each: it costs as
 *   much as there are profiles, however many agents there are.
 */
import type { AgentSpec } from './registry.ts';

interface Profile {
  readonly key: string;
  /** Of one of its agents; the others can do the same. */
  readonly spec: AgentSpec;
  readonly agentIds: Set<string>;
}

export interface FreeOrder {
  readonly types: readonly string[];
  readonly lastPlace: number;
}

export class FreeAgents {
  /** Ascending in the order in which they became free. */
  readonly #places = new Map<string, number>();
  readonly #types = new Map<string, Map<string, Profile>>();
  readonly #keys = new WeakMap<AgentSpec, string>();
  #lastPlace = 0;

  has(agentId: string): boolean {
    return this.#places.has(agentId);
  }

  /** Where an agent stands among the free ones, lower first; undefined for one that is not free. */
  placeOf(agentId: string): number | undefined {
    return this.#places.get(agentId);
  }

  /** What cannot be told from the agents: in which order the types are looked at, and the last place that was given. */
  get order(): FreeOrder {
    return { types: [...this.#types.keys()], lastPlace: this.#lastPlace };
  }

  /** Begins with agents that were kept, ascending in their places. */
  restore(agents: Iterable<readonly [spec: AgentSpec, place: number]>, { types, lastPlace }: FreeOrder): void {
    for (const type of types) this.#types.set(type, new Map());
    for (const [spec, place] of agents) {
      this.#lastPlace = place - 1;
      this.add(spec);
    }
    this.#lastPlace = lastPlace;
  }

  /** One that is free already keeps its place. */
  add(spec: AgentSpec): void {
    const { agentId, type } = spec;
    if (this.has(agentId)) return;
    this.#places.set(agentId, ++this.#lastPlace);
    let profiles = this.#types.get(type);
    if (profiles === undefined) {
      profiles = new Map();
      this.#types.set(type, profiles);
    }
    const key = this.#keyOf(spec);
    const profile = profiles.get(key);
    if (profile === undefined) profiles.set(key, { key, spec, agentIds: new Set([agentId]) });
    else profile.agentIds.add(agentId);
  }

  delete(spec: AgentSpec): void {
    const { agentId, type } = spec;
    const profiles = this.#types.get(type);
    const profile = profiles?.get(this.#keyOf(spec));
    if (!this.#places.delete(agentId) || profiles === undefined || profile === undefined) return;
    profile.agentIds.delete(agentId);
    if (profile.agentIds.size === 0) profiles.delete(profile.key);
    if (profiles.size === 0) this.#types.delete(type);
  }

  /**
   * The ids of those that are of the type (or of any) and fit.
   *
   * @param fits asked for one agent of each profile
   */
  *find(type: string | undefined, fits: (spec: AgentSpec) => boolean): IterableIterator<string> {
    for (const one of type === undefined ? this.#types.keys() : [type]) {
      const fitting: Profile[] = [];
      for (const profile of this.#types.get(one)?.values() ?? []) if (fits(profile.spec)) fitting.push(profile);
      yield* this.#inOrder(fitting);
    }
  }

  *#inOrder(profiles: readonly Profile[]): IterableIterator<string> {
    const lines = profiles.map(({ agentIds }) => agentIds.values());
    const heads: (string | undefined)[] = lines.map((line) => line.next().value);
    for (;;) {
      let first = 0;
      for (const index of heads.keys()) if (this.#rankOf(heads[index]) < this.#rankOf(heads[first])) first = index;
      const agentId = heads[first];
      if (agentId === undefined) return;
      yield agentId;
      heads[first] = lines[first]?.next().value;
    }
  }

  #rankOf(agentId: string | undefined): number {
    return (agentId === undefined ? undefined : this.#places.get(agentId)) ?? Number.POSITIVE_INFINITY;
  }

  #keyOf(spec: AgentSpec): string {
    let key = this.#keys.get(spec);
    if (key === undefined) {
      const { taskTypes, capabilities, languages, specialisations, answers } = spec;
      key = JSON.stringify([taskTypes, capabilities, languages, specialisations, answers]);
      this.#keys.set(spec, key);
    }
    return key;
  }
}
