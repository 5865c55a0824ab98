/** A source as its worker has it, without the worker. */

import { reachedBy } from '../../../inspector/src/engine/breakpoints.ts';
import type { Breakpoint, Intervention, Origin } from '../../../inspector/src/engine/protocol.ts';
import { RecordText } from '../../../inspector/src/engine/record-text.ts';
import type { Sink } from '../../../inspector/src/engine/source.ts';
import type { ActorChange, HubRecord } from '../../../src/index.ts';
import { openFold, readRecord } from '../../../src/index.ts';

export type SimulationOrigin = Extract<Origin, { kind: 'simulation' }>;

export class TestSink implements Sink {
  readonly records: HubRecord[] = [];
  readonly text = new RecordText();
  readonly fold_ = openFold();
  breakpoints: readonly Breakpoint[] = [];
  isOver = false;
  error: unknown;
  #changes: readonly ActorChange[] = [];
  readonly #queued = new Set<string>();

  record(record: HubRecord): void {
    this.#changes = this.fold_.next(record);
    this.records.push(record);
    for (const { actor, state } of this.#changes) {
      if (state === 'queued') this.#queued.add(actor);
      else this.#queued.delete(actor);
    }
  }

  lines(lines: string): void {
    this.text.add(lines);
  }

  fold(): boolean {
    const line = this.text.lineOf(this.records.length + 1);
    if (line === undefined) return false;
    this.record(readRecord(line, this.records.length + 1));
    return true;
  }

  broken(error: unknown): void {
    this.error = error;
  }

  over(): void {
    this.isOver = true;
  }

  line(): void {}

  reached(): Breakpoint | undefined {
    const record = this.records.at(-1);
    return record && reachedBy({ record, changes: this.#changes, queued: this.#queued.size }, this.breakpoints);
  }

  seq(): number {
    return this.records.length;
  }
}

export const simulationOf = (
  text: string,
  interventions: readonly Intervention[] = [],
  others: Partial<SimulationOrigin> = {},
): SimulationOrigin => ({ kind: 'simulation', text, file: 'test.yaml', humans: true, interventions, ...others });
