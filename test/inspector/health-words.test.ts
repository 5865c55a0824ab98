import { expect, test } from 'vitest';
import { about, headline, told } from '../../inspector/src/views/health/words.ts';
import { openFold } from '../../src/index.ts';
import { logOf } from './support/logs.ts';

async function healthAtTheEnd(name: string) {
  const fold = openFold();
  for (const record of await logOf(name)) fold.next(record);
  return { health: fold.health(), counters: fold.picture().status.projectState.counters };
}

test.each([
  ['no-agent', 'None of the last 5 tasks failed by its driver.'],
  ['retry', '2 of the last 4 tasks failed by their driver.'],
])('of %s it says who failed, since more tasks have failed than drivers', async (name, words) => {
  const { health, counters } = await healthAtTheEnd(name);
  expect(counters.failed).toBe(3);
  expect(told('drivers', health.components.drivers.figures, null)).toBe(words);
});

test('of a log it says how the hub was, not how it is', async () => {
  const { health } = await healthAtTheEnd('retry');
  expect(headline(health, null).join('')).toBe('The hub is healthy');
  expect(about(health, null)).toBe('It takes tasks and gives out work.');
  const when = 'at the end of this log';
  expect(headline(health, when).join('')).toBe('The hub was healthy at the end of this log');
  expect(about(health, when)).toBe('It took tasks and gave out work.');
  expect(told('store', health.components.store.figures, when)).toBe('It wrote its log.');
});
