import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readScenario, runScenario } from '../../src/testing.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const read = (file: string) => readScenario(readFileSync(new URL(file, folder), 'utf8'), file);

test('there are scenarios', () => {
  expect(files.length).toBeGreaterThanOrEqual(10);
});

test.each(files)('%s runs and all that it expects is so', async (file) => {
  const run = await runScenario(read(file));

  expect(run.expectations.filter(({ ok }) => !ok)).toEqual([]);
  expect(run.outcome).toBe('passed');
  expect(run.expectations.length).toBeGreaterThan(1);
});

test.each(files)('%s: the same seed gives the same log, another seed another', async (file) => {
  const [first, again, other] = [
    await runScenario(read(file)),
    await runScenario(read(file)),
    await runScenario(read(file), { seed: 987 }),
  ];

  expect(again.log).toEqual(first.log);
  expect(other.log.hash).not.toBe(first.log.hash);
  expect(other.outcome).toBe('passed');
});
