/** A scenario goes on where it was interrupted: after each of its commits, as a store would have it then. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/actors/store.ts';
import { verifyLog } from '../../src/actors/verify-log.ts';
import { readScenario, runScenario } from '../../src/testing.ts';
import { storeWith } from '../support/stores.ts';

const read = (name: string) =>
  readScenario(readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8'), name);

/** A run, and how many records there were after each commit. */
async function wholeRun(name: string) {
  const ends: number[] = [];
  const kept = memoryStore();
  const run = await runScenario(read(name), {
    store: {
      ...kept,
      append(seq, records) {
        kept.append(seq, records);
        ends.push(seq + records.length);
      },
    },
  });
  return { run, ends: ends.filter((end) => end < run.records.length) };
}

describe.each(['auth-system', 'auth-orchestration', 'three-failures', 'many-types'])('%s', (name) => {
  test('ends with the same outcomes, and nothing is lost or done twice (I1, I3)', async () => {
    const { run, ends } = await wholeRun(name);
    expect(ends.length).toBeGreaterThan(5);
    for (const end of ends) {
      const resumed = await runScenario(read(name), { store: storeWith(run.records.slice(0, end)) });
      expect({ end, failed: resumed.expectations.filter(({ ok }) => !ok) }).toEqual({ end, failed: [] });
      expect({ end, tasks: resumed.tasks }).toEqual({ end, tasks: run.tasks });
      expect(resumed.records.slice(0, end)).toEqual(run.records.slice(0, end));
      expect(verifyLog(resumed.records)).toMatchObject({ chain: 'ok', open: 0, lost: 0, duplicated: 0 });
    }
  });
});

test('counts of what is done again are the least, and other counts are exact', async () => {
  const { run, ends } = await wholeRun('auth-system');
  const scenario = read('auth-system');
  const strict = { ...scenario, expect: [{ count: { completed: 5 } }, { count: { messages: 1 } }] };
  const resumed = await runScenario(strict, { store: storeWith(run.records.slice(0, ends.at(-2))) });
  expect(resumed.expectations.map(({ ok }) => ok)).toEqual([false, true, true]);
  const fresh = await runScenario(strict);
  expect(fresh.expectations.map(({ ok }) => ok)).toEqual([false, false, true]);
});

test('a run that was complete adds no task', async () => {
  const { run } = await wholeRun('auth-system');
  const again = await runScenario(read('auth-system'), { store: storeWith(run.records) });
  expect(again.tasks).toEqual(run.tasks);
  expect(again.outcome).toBe('passed');
});
