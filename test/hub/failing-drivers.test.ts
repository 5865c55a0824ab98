import { describe, expect, test } from 'vitest';
import { admitJson, maxJsonBytes } from '../../src/machines/json.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';

const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const nasty = new Proxy(new Error('x'), {
  get: () => {
    throw new Error('do not look at me');
  },
  getPrototypeOf: () => Error.prototype,
});

describe('a driver that misbehaves fails its task, never the hub (V2)', () => {
  const throwing = (thrown: unknown) => () => {
    throw thrown;
  };
  test.each<[string, () => unknown, string, string]>([
    ['throws', throwing(new Error('no idea')), 'driver', 'no idea'],
    ['rejects', async () => Promise.reject(new Error('no luck')), 'driver', 'no luck'],
    ['throws an error without a message', throwing(new TypeError()), 'driver', 'TypeError'],
    [
      'throws an error with a message that is none',
      throwing(Object.assign(new Error('x'), { message: 7 })),
      'driver',
      '7',
    ],
    ['throws an object with a message', throwing({ status: 429, message: 'slow down' }), 'driver', 'slow down'],
    ['throws text', throwing('just text'), 'driver', 'just text'],
    ['throws nothing', throwing(undefined), 'driver', 'undefined'],
    ['throws null', throwing(null), 'driver', 'null'],
    ['throws a thing without a string', throwing(Object.create(null)), 'driver', 'cannot be shown'],
    ['throws what cannot be looked at', throwing(nasty), 'driver', 'cannot be shown'],
    ['returns a function', () => () => {}, 'invalidResult', '"result" is not JSON: function'],
    ['returns a Date deep inside', () => ({ a: [new Date(0)] }), 'invalidResult', '"result.a.0" is not JSON: Date'],
    ['returns too much', () => 'x'.repeat(maxJsonBytes - 20), 'invalidResult', 'over 262144 bytes'],
    ['returns something too deep', () => nested(64), 'invalidResult', 'deeper than 64 levels'],
  ])('%s', async (_how, run, code, message) => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({ id: 'a', type: 'dev', run });
    const task = hub.submit({ type: 'x' });
    await simulation.run();
    const outcome = await task.result;
    expect(outcome).toMatchObject({ status: 'failed', agentId: 'a', error: { code } });
    expect(outcome.status === 'failed' && outcome.error.message).toContain(message);
    expect(hub.agent('a')).toMatchObject({ status: 'idle', failed: 1 });
    expect(hub.status().state).toBe('running');
    await expectFoldEqual(simulation);
  });

  test('never answers: the others go on', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    const silent = handDriver();
    hub.register({ id: 'silent', type: 'dev', run: silent.run });
    hub.register({ id: 'good', type: 'dev', run: [{ work: '1m' }] });
    const tasks = Array.from({ length: 4 }, () => hub.submit({ type: 'x' }));
    await simulation.run();
    expect(tasks.map(({ id }) => hub.task(id)?.status)).toEqual(['running', 'completed', 'completed', 'completed']);
    await expectFoldEqual(simulation);
  });

  test('leaves promises floating that fail: nobody is harmed', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({
      id: 'a',
      type: 'dev',
      run: (_task, context) => {
        void context.send({ to: 'nobody', type: 'note' });
        void context.consult('x'.repeat(500), 'who?');
        void context.inbox.next();
        void context.sleep(1000);
        void context.escalate('why?').accepted;
        return 'done';
      },
    });
    const task = hub.submit({ type: 'x' });
    await simulation.run();
    expect(await task.result).toMatchObject({ status: 'completed', result: 'done' });
    await expectFoldEqual(simulation);
  });
});

test('a very long message of an error is cut', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: () => Promise.reject(new Error('!'.repeat(50_000))) });
  const task = hub.submit({ type: 'x' });
  await simulation.run();
  const outcome = await task.result;
  expect(outcome.status === 'failed' && outcome.error.message).toHaveLength(10_000);
});

test('no result is the result null, and the largest result fits', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const results = [undefined, null, 0, '', nested(63), 'x'.repeat(maxJsonBytes - 200)];
  hub.register({ id: 'a', type: 'dev', run: async () => results[hub.agent('a')?.completed ?? 0] });
  const tasks = results.map(() => hub.submit({ type: 'x' }));
  await simulation.run();
  const given = await Promise.all(tasks.map(({ result }) => result));
  expect(given.map((outcome) => outcome.status === 'completed' && outcome.result)).toEqual([null, ...results.slice(1)]);
  await expectFoldEqual(simulation);
});

test('whoever waits for a task in this process gets what its driver threw, with its stack; the log has the message', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const thrown = new TypeError('x is not there', { cause: 'a typo' });
  hub.register({ id: 'a', type: 'dev', run: () => Promise.reject(thrown) });
  const failed = hub.submit({ type: 'x', metadata: { maxAttempts: 2 } });
  await simulation.run();
  const outcome = await failed.result;
  expect(outcome).toMatchObject({ status: 'failed', attempts: 2, cause: thrown });
  expect(admitJson(outcome)).not.toHaveProperty('cause');
  const [record] = recordsOf(simulation, 'task.failed');
  expect(record?.payload.error).toEqual({ code: 'driver', message: 'x is not there' });

  const late = hub.submit({ type: 'x', metadata: { timeoutMs: 60_000, maxAttempts: 9 } });
  await simulation.run();
  expect(await late.result).not.toHaveProperty('cause');
});
