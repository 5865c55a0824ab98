/** A chart that changed has another version: nobody has to remember that (Cv1, I25). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chartVersions, migrations } from '../../src/hub/checkpoint/charts.ts';
import { charts } from '../../src/hub/state.ts';
import { hubMachine } from '../../src/machines/hub.ts';
import { chartHash } from '../support/chart-structure.ts';

/** The hashes of all versions of each chart that were ever released; lines are added, and never changed. */
const known = JSON.parse(readFileSync(new URL('./charts.json', import.meta.url), 'utf8')) as {
  readonly [chart: string]: readonly string[];
};
const all = { hub: hubMachine, ...charts };

test.each(Object.keys(all) as (keyof typeof all)[])('the chart of the %s is the one of its version', (name) => {
  const version = chartVersions[name];
  const hash = chartHash(all[name]);
  expect(
    known[name]?.[version - 1],
    `the ${name} chart has changed: raise its version in src/hub/checkpoint/charts.ts to ${version + 1}, say there how ` +
      `a snapshot of version ${version} becomes one of the next, and add ${hash} to test/golden/charts.json`,
  ).toBe(hash);
});

test.each(Object.entries(chartVersions))(
  'from every former version of the %s chart a migration leads on',
  (name, version) => {
    expect(known[name]).toHaveLength(version);
    const steps = migrations[name as keyof typeof migrations] ?? {};
    expect(Object.keys(steps).map(Number)).toEqual(Array.from({ length: version - 1 }, (_, index) => index + 1));
  },
);
