/** A store that takes more while it has not done what it was given before (S6). */
import { expect, test } from 'vitest';
import { memoryStore, type Store } from '../../src/actors/store.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { rejection } from '../support/refusals.ts';

function aheadStore() {
  const kept = memoryStore();
  const given: number[] = [];
  let last = Promise.resolve();
  let held = Promise.resolve();
  let end: (fault?: Error) => void = () => {};
  const store: Store = {
    ...kept,
    takesAhead: true,
    append(expectedSeq, records) {
      given.push(records.length);
      last = last.then(() => held).then(() => kept.append(expectedSeq, records));
      return last;
    },
  };
  const hold = () => {
    given.length = 0;
    held = new Promise((resolve, reject) => {
      end = (fault) => (fault === undefined ? resolve() : reject(fault));
    });
  };
  return { store, given, hold, end: (fault?: Error) => end(fault) };
}

async function holding() {
  const { store, ...rest } = aheadStore();
  const simulation = await simulate({ store });
  const driver = handDriver();
  simulation.hub.register({ id: 'dev', type: 'dev', run: driver.run });
  await simulation.settle();
  rest.hold();
  const accepted = Array.from({ length: 400 }, () => simulation.hub.submit({ type: 'x' }).accepted);
  return { ...rest, simulation, driver, accepted };
}

test('is given many records while more of them come in, and they are acted upon when they are durable (Z2, Z3)', async () => {
  const { given, end, simulation, driver, accepted } = await holding();
  expect(given.length).toBeGreaterThan(1);
  await new Promise(setImmediate);
  expect(driver.calls).toEqual([]);
  expect(simulation.hub.isSettled()).toBe(false);
  end();
  await Promise.all(accepted);
  await simulation.settle();
  expect(driver.calls).toHaveLength(1);
  await expectFoldEqual(simulation);
});

test('when it fails, nothing that it was given ahead is acknowledged or done (Z4)', async () => {
  const { given, end, simulation, driver, accepted } = await holding();
  const failures = accepted.map(rejection);
  end(new Error('the disk is full'));
  for (const failure of await Promise.all(failures)) expect(failure).toMatchObject({ code: 'storeFailed' });
  const sofar = given.length;
  await new Promise(setImmediate);
  expect(given).toHaveLength(sofar);
  expect(driver.calls).toEqual([]);
  await expect(simulation.hub.settled()).rejects.toMatchObject({ code: 'storeFailed' });
});
