/** A state that is kept as rows and comes back is the state that it was (Ck1, Ck2). */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../src/machines/json.ts';
import type { HubRecord } from '../../src/machines/messages.ts';
import { readScenario } from '../../src/scenarios/read-scenario.ts';
import { runScenario } from '../../src/scenarios/run-scenario.ts';
import { drawPlan } from '../../src/simulator/draw.ts';
import { simulatePlan } from '../../src/simulator/simulate-plan.ts';
import { OpenState, throughJson } from '../support/folds.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const logs: (readonly HubRecord[])[] = [];

beforeAll(async () => {
  for (const file of readdirSync(folder)) {
    logs.push((await runScenario(readScenario(readFileSync(new URL(file, folder), 'utf8'), file))).records);
  }
  for (let seed = 1; logs.length < 70; seed++) {
    const plan = drawPlan(seed);
    if (plan.broken === null) logs.push((await simulatePlan(plan)).records);
  }
}, 180_000);

/** A log of many kinds, cut in a few places. */
const cutLog = fc
  .tuple(fc.nat(), fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 6 }))
  .map(([which, shares]) => {
    const records = logs[which % logs.length] ?? [];
    return {
      which: which % logs.length,
      records,
      cuts: shares.map((share) => Math.round((share / 1000) * records.length)).sort((a, b) => a - b),
    };
  });

/** Blocks keep what has left the state until all of it has. */
const textsOf = (rows: ReadonlyMap<string, Json>): Map<string, string> =>
  new Map(
    [...rows].flatMap(([key, row]) =>
      /^(finished|closedGate|ended):/.test(key) ? [] : [[key, JSON.stringify(row)] as const],
    ),
  );

test('whatever a record changes, it notes (Ch1)', { timeout: 120_000 }, () => {
  for (const [which, records] of logs.entries()) {
    if (records.length > 400) continue;
    const state = new OpenState();
    for (const record of records) {
      const noted = textsOf(state.fold([record]).incremental());
      const whole = textsOf(state.rows());
      if (noted.size === whole.size && [...whole].every(([key, text]) => noted.get(key) === text)) continue;
      expect(noted, `log ${which}, record ${record.seq}, ${record.type}`).toEqual(whole);
    }
  }
});

describe('at any place of a log', { timeout: 120_000 }, () => {
  test('what was restored is what was saved, and folds the rest to the same', () => {
    fc.assert(
      fc.property(cutLog, ({ records, cuts: [cut = 0] }) => {
        const whole = new OpenState().fold(records.slice(0, cut));
        const shared = whole.rows();
        const saved = JSON.stringify([...shared]);
        const rows = throughJson(shared);
        const restored = new OpenState(rows);
        expect(restored.text()).toBe(whole.text());
        const rest = records.slice(cut);
        const beside = new OpenState(shared).fold(rest).text();
        expect(restored.fold(rest).text()).toBe(whole.fold(rest).text());
        expect(beside).toBe(whole.text());
        expect(JSON.stringify([...shared])).toBe(saved); // Ck3
      }),
      { numRuns: 200 },
    );
  });

  test('checkpoints of changes only add up to whole ones, also over restarts', () => {
    fc.assert(
      fc.property(cutLog, ({ records, cuts }) => {
        let state = new OpenState();
        let last = 0;
        for (const [index, cut] of cuts.entries()) {
          state.fold(records.slice(last, cut));
          last = cut;
          const text = state.text();
          const rows = state.incremental();
          const restored = new OpenState(rows);
          expect(restored.text()).toBe(text);
          if (index % 3 === 2) state = restored;
        }
      }),
      { numRuns: 200 },
    );
  });
});
