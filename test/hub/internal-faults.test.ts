import { expect, test } from 'vitest';
import { memoryStore } from '../../src/actors/store.ts';
import { createHub } from '../../src/hub/create-hub.ts';
import { simulatedEnvironment } from '../../src/testing.ts';
import { refusal, rejection } from '../support/refusals.ts';

/** A world that runs out of ids when the test says so. */
async function inABreakingWorld() {
  const environment = simulatedEnvironment(1);
  let isBroken = false;
  const store = memoryStore();
  const hub = await createHub({
    project: 'p',
    store,
    environment: {
      ...environment,
      id() {
        if (isBroken) throw new Error('no ids are left');
        return environment.id();
      },
    },
  });
  const breakWorld = () => {
    isBroken = true;
  };
  return { hub, store, environment, breakWorld };
}

test('a fault of the hub itself stops it, and whoever waits is told (Z4)', async () => {
  const { hub, store, breakWorld } = await inABreakingWorld();
  const task = hub.submit({ type: 'x' });
  await task.accepted;
  const durable = [...(store.read(1) as Iterable<unknown>)].length;
  breakWorld();
  const error = refusal(() => hub.pause());
  expect(error).toMatchObject({ code: 'internal', cause: new Error('no ids are left') });
  expect((await rejection(task.result)).code).toBe('internal');
  expect((await rejection(hub.stopped)).code).toBe('internal');
  expect(refusal(() => hub.resume()).code).toBe('internal');
  expect((await rejection(hub.settled())).code).toBe('internal');
  expect([...(store.read(1) as Iterable<unknown>)]).toHaveLength(durable);
});

test('a fault while a deadline passes harms nobody but the hub', async () => {
  const { hub, environment, breakWorld } = await inABreakingWorld();
  const task = hub.submit({ type: 'x', metadata: { timeoutMs: 1000 } });
  await task.accepted;
  breakWorld();
  expect(() => environment.step()).not.toThrow();
  await expect(hub.stopped).rejects.toMatchObject({ code: 'internal' });
  expect((await rejection(task.result)).code).toBe('internal');
});
