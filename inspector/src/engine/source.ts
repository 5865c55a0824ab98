/** Where a worker's records come from: a simulation, a recorded log, a live hub. */
import type { Explanation, HubRecord } from 'xstate-hub';
import type { ScenarioResult } from 'xstate-hub/testing';
import type { Breakpoint, Command, Obeyed, Opened, Standing } from './protocol.ts';

/** What a source tells its worker. */
export interface Sink {
  /** The next record: it is kept, folded and told. */
  record(record: HubRecord): void;
  /** The next records as lines, to be kept and told but not folded yet; `at` and `type` of each. */
  lines(lines: string, at: readonly number[], types: readonly string[]): void;
  /** Folds the next record that is there; false when there is none. Throws when it cannot be. */
  fold(): boolean;
  /** What was being read turns out to be broken. */
  broken(error: unknown): void;
  /** Nothing more will come. */
  over(result: ScenarioResult | null): void;
  line(state: 'connected' | 'lost', detail: string): void;
  /** The breakpoint that the last record has reached, if one. */
  reached(): Breakpoint | undefined;
  /** How many records there are. */
  seq(): number;
}

export interface Source {
  readonly opened: Opened;
  advance(untilSeq: number): Promise<Standing>;
  halt(): void;
  command(command: Command): Promise<Obeyed>;
  /** Who could take these tasks now; without it nobody in this page knows. */
  explain?(taskIds: readonly string[]): { readonly [taskId: string]: Explanation };
  close(): void;
}
