/** What many runs came to. */
import { charts } from '../hub/state.ts';
import { hubMachine } from '../machines/hub.ts';
import { Coverage, partsOf } from './coverage.ts';
import type { SimulationResult } from './simulate-plan.ts';

export interface SimulationReport {
  readonly seeds: number;
  /** Seeds in which something did not hold. */
  readonly violations: number;
  readonly faultsInjected: { readonly [fault: string]: number };
  /** Of the states and transitions of all charts, those that were reached. */
  readonly transitionsCovered: number;
  readonly transitions: number;
  readonly secondsPerSeed: number;
  readonly records: number;
  /** How much time went by in the simulated worlds, in days. */
  readonly simulatedDays: number;
}

const day = 86_400_000;

export class Tally {
  readonly coverage = new Coverage();
  readonly #faults = new Map<string, number>();
  #seeds = 0;
  #violations = 0;
  #records = 0;
  #virtualMs = 0;

  add({ violations, faults, records, virtualMs }: SimulationResult): void {
    this.#seeds++;
    if (violations.length > 0) this.#violations++;
    this.#records += records.length;
    this.#virtualMs += virtualMs;
    for (const [fault, times] of faults) this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + times);
  }

  /** @param seconds how long it all took */
  report(seconds: number): SimulationReport {
    const all = [...Object.values(charts), hubMachine];
    const transitions = all.reduce((sum, machine) => sum + partsOf(machine).size, 0);
    const missing = all.reduce((sum, machine) => sum + this.coverage.missing(machine).length, 0);
    const faults = [...this.#faults].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      seeds: this.#seeds,
      violations: this.#violations,
      faultsInjected: Object.fromEntries(faults),
      transitionsCovered: transitions - missing,
      transitions,
      secondsPerSeed: Number((seconds / Math.max(1, this.#seeds)).toFixed(4)),
      records: this.#records,
      simulatedDays: Number((this.#virtualMs / day).toFixed(1)),
    };
  }
}
