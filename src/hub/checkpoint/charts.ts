/**
 * Charts in checkpoints: their snapshots as XState persists them, with the version of the chart that made them.
 *
 * - Cv1 a chart that changed has another version, and a migration from the one before; without it nothing of that
 *   chart is taken over, and recovery says whose state it would have been (I25). test/golden/chart-versions.test.ts
 *   sees to it that nobody forgets.
 */
import type { AnyActorRef, Snapshot } from 'xstate';
import type { SealedActor } from '../../actors/sealed-actor.ts';
import { HubError } from '../../machines/errors.ts';
import type { Json } from '../../machines/json.ts';
import { statePath } from '../../machines/status.ts';
import type { Charts, HubState, Kind } from '../state.ts';

/** `kinds` are those of actors, and `hub` for the life of the hub itself. */
export type ChartVersions = { readonly [K in Kind | 'hub']: number };

/** Rises when a chart's states, transitions or context change. */
export const chartVersions: ChartVersions = { hub: 1, task: 1, agent: 1, consultation: 1, gate: 1, orchestration: 1 };

/** Makes a snapshot of one version into one of the next; throws, in words, when it cannot. */
type Migration = (snapshot: SavedSnapshot) => SavedSnapshot;

/** By chart, then by the version that they start from. */
export type Migrations = { readonly [K in Kind | 'hub']?: { readonly [from: number]: Migration } };
export const migrations: Migrations = {};

/** A persisted snapshot, as far as a migration needs to know it. */
export interface SavedSnapshot {
  readonly value: string | { readonly [state: string]: Json };
  readonly context: { readonly [key: string]: Json };
  readonly [key: string]: Json;
}

/** The snapshot of an actor, as XState persists it. */
export function savedChart(actor: AnyActorRef): Json {
  const { output: _output, error: _error, ...kept } = actor.getPersistedSnapshot() as Snapshot<unknown>;
  return kept as unknown as Json;
}

/** Brings charts of older versions up to date, and actors back. */
export class ChartReader {
  readonly #state: HubState;
  readonly #saved: ChartVersions;
  readonly #known: ChartVersions;
  readonly #migrations: Migrations;

  /** Throws `invalid` when the checkpoint knows charts that are newer than these. */
  constructor(state: HubState, saved: ChartVersions, known = chartVersions, given = migrations) {
    this.#state = state;
    this.#saved = saved;
    this.#known = known;
    this.#migrations = given;
    for (const [kind, version] of Object.entries(saved) as [Kind, number][]) {
      if ((known[kind] ?? 0) >= version) continue;
      throw refusal(`it has version ${version} of the ${kind} chart, this xstate-hub version ${known[kind] ?? 'none'}`);
    }
  }

  /** Throws `invalid`, with the actor and its state, when there is no way from its version to this one. */
  respawn<K extends Kind>(kind: K, id: string, snapshot: Json): SealedActor<Charts[K]> {
    const migrated = this.migrate(kind, id, snapshot);
    const { context } = migrated;
    try {
      // XState writes into what it is given, and what was read may belong to the store.
      return this.#state.respawn(kind, id, { ...migrated, context: { ...context } } as unknown as Snapshot<unknown>);
    } catch (error) {
      throw cannotKeep(kind, id, migrated, `the chart cannot take it up: ${describe(error)}`);
    }
  }

  /** A snapshot of this version. */
  migrate(kind: Kind | 'hub', id: string, snapshot: Json): SavedSnapshot {
    let migrated = snapshot as unknown as SavedSnapshot;
    for (let version = this.#saved[kind] ?? 0; version < this.#known[kind]; version++) {
      const step = this.#migrations[kind]?.[version];
      if (step === undefined) {
        const versions = `the chart was version ${version} then and is version ${this.#known[kind]} now`;
        throw cannotKeep(kind, id, migrated, `${versions}, and nothing leads from the one to the other`);
      }
      try {
        migrated = step(migrated);
      } catch (error) {
        throw cannotKeep(kind, id, migrated, `version ${version + 1} of its chart cannot: ${describe(error)}`);
      }
    }
    return migrated;
  }
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function cannotKeep(kind: string, id: string, { value }: SavedSnapshot, why: string): HubError {
  return refusal(`${kind} ${id} is ${statePath(value as never)} in it, and that cannot be kept: ${why}`);
}

/** What is said of a checkpoint that this code cannot go on from. */
export const refusal = (why: string): HubError =>
  new HubError('invalid', `the checkpoint cannot be used: ${why}. Open the log with the version that wrote it`, {
    path: 'store',
  });
