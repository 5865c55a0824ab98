import { describe, expect, test } from 'vitest';
import { maxJsonBytes } from '../../src/machines/json.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';

test('a handle has an id, tells when the task is durable, and carries its chart', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const task = hub.submit({ type: 'x' });
  expect(task.id).toMatch(/^[0-9A-Za-z]{16}$/);
  expect(simulation.records()).toHaveLength(1);
  await task.accepted;
  expect(recordsOf(simulation, 'task.submit')).toHaveLength(1);
  expect(task.actor?.getSnapshot().value).toBe('queued');
});

test('the driver gets the task as it was submitted, frozen, and a copy', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'a', type: 'dev', capabilities: ['api'], run: driver.run });
  const payload = { files: ['a.ts'] };
  hub.submit({
    id: 't1',
    type: 'implement_api',
    payload,
    metadata: { priority: 'high' },
    requirements: { agentType: 'dev', capabilities: ['api'] },
    idempotencyKey: 'k1',
  });
  payload.files.push('b.ts');
  await simulation.settle();
  const { task } = driver.last;
  expect(task).toEqual({
    id: 't1',
    type: 'implement_api',
    payload: { files: ['a.ts'] },
    priority: 8,
    requirements: { agentType: 'dev', capabilities: ['api'], languages: [], specialisations: [] },
    attempt: 1,
    idempotencyKey: 'k1',
    dueAt: null,
  });
  expect([task, task.payload, task.requirements].every(Object.isFrozen)).toBe(true);
});

describe('what is refused changes nothing', () => {
  const deep = JSON.parse(`${'['.repeat(70)}${']'.repeat(70)}`);
  test.each<[string, unknown, string, string]>([
    ['nothing', null, 'invalid', ''],
    ['no type', {}, 'invalid', 'type'],
    ["a type of XState's", { type: 'xstate.stop' }, 'invalid', 'type'],
    ['an id that is none', { type: 'x', id: 'a b' }, 'invalid', 'id'],
    ['an unknown key', { type: 'x', from: 'somebody' }, 'invalid', 'from'],
    ['an unknown requirement', { type: 'x', requirements: { agent: 'qa' } }, 'invalid', 'requirements.agent'],
    ['an unknown priority', { type: 'x', metadata: { priority: 'urgent' } }, 'invalid', 'metadata.priority'],
    ['no time at all', { type: 'x', metadata: { timeoutMs: 0 } }, 'invalid', 'metadata.timeoutMs'],
    ['a payload with a Date', { type: 'x', payload: { at: new Date(0) } }, 'notJson', 'payload.at'],
    ['a payload too big', { type: 'x', payload: 'x'.repeat(maxJsonBytes) }, 'tooLarge', 'payload'],
    ['a payload too deep', { type: 'x', payload: deep }, 'tooDeep', `payload${'.0'.repeat(63)}`],
    ['an id that is taken', { type: 'x', id: 'taken' }, 'duplicate', 'id'],
  ])('%s', async (_what, input, code, path) => {
    const simulation = await simulate();
    simulation.hub.submit({ id: 'taken', type: 'x' });
    await simulation.settle();
    const before = simulation.records().length;
    expect(refusal(() => simulation.hub.submit(input as never))).toMatchObject({ code, path });
    await expectFoldEqual(simulation);
    expect(simulation.records()).toHaveLength(before);
    expect(simulation.hub.pendingCount()).toBe(1);
  });

  test('the id of a task that is over is taken too', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.submit({ id: 't', type: 'x' }).cancel();
    expect(refusal(() => hub.submit({ id: 't', type: 'x' })).code).toBe('duplicate');
  });
});

describe('an idempotency key (I4)', () => {
  const key = { type: 'x', payload: { n: 1 }, idempotencyKey: 'order-1' };

  test('with the same task again gives the same task, live or over', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    const [first, second] = [hub.submit(key), hub.submit({ ...key, metadata: { priority: 'normal' } })];
    expect(second.id).toBe(first.id);
    expect(second.actor).toBe(first.actor);
    hub.register({ id: 'a', type: 'dev', run: [{ return: 'once' }] });
    await simulation.run();
    const third = hub.submit(key);
    expect(third.id).toBe(first.id);
    expect(third.actor).toBeUndefined();
    await third.accepted;
    expect(await third.result).toEqual(await first.result);
    expect(await second.result).toEqual(await first.result);
    expect(recordsOf(simulation, 'task.submit')).toHaveLength(1);
    expect(hub.agent('a')?.completed).toBe(1);
    await expectFoldEqual(simulation);
  });

  test.each([
    ['payload', { payload: { n: 2 } }],
    ['type', { type: 'y' }],
    ['priority', { metadata: { priority: 'low' } }],
    ['requirements', { requirements: { agentType: 'qa' } }],
    ['id', { id: 'another' }],
  ] as const)('with another %s is a conflict', async (_what, change) => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.submit(key);
    expect(refusal(() => hub.submit({ ...key, ...change }))).toMatchObject({
      code: 'conflict',
      path: 'idempotencyKey',
    });
    expect(hub.tasks()).toHaveLength(1);
  });

  test('is given to the driver; a task without one has its id as key', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    const driver = handDriver();
    hub.register({ id: 'a', type: 'dev', concurrency: 2, run: driver.run });
    hub.submit(key);
    const plain = hub.submit({ type: 'x' });
    await simulation.settle();
    expect(driver.calls.map(({ task }) => task.idempotencyKey)).toEqual(['order-1', plain.id]);
  });

  test('is forgotten with its task', async () => {
    const simulation = await simulate({ config: { keepFinished: 1 } });
    const { hub } = simulation;
    const first = hub.submit(key);
    first.cancel();
    hub.submit({ type: 'y' }).cancel();
    expect(hub.task(first.id)).toBeUndefined();
    expect(hub.submit(key).id).not.toBe(first.id);
    await expectFoldEqual(simulation);
  });
});
