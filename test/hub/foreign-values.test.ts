/** Values that bite when they are looked at are refused at every door as any other bad input, and change nothing (Dk1). */
import { expect, test } from 'vitest';
import { languageModelPlanner } from '../../src/ai-planner.ts';
import { readConfiguration } from '../../src/configuration.ts';
import { createHub, epsilonGreedy, ucb1 } from '../../src/index.ts';
import { admitJson } from '../../src/machines/json.ts';
import { simulate } from '../../src/testing.ts';
import { refusal, rejection } from '../support/refusals.ts';

const trap = (): never => {
  throw new Error('a trap');
};
const getter = () => Object.defineProperty({}, 'type', { enumerable: true, get: trap });
const proxy = () => new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap });
function revoked(): never {
  const { proxy: gone, revoke } = Proxy.revocable({}, {});
  revoke();
  return gone as never;
}
const bad: readonly (readonly [string, () => never])[] = [
  ['a getter that throws', getter as () => never],
  ['a proxy that throws', proxy as () => never],
  ['a proxy that was revoked', revoked],
  ['null', () => null as never],
  ['a list', () => [] as never],
  ['a symbol', () => Symbol('x') as never],
];

test.each(bad)('%s is no input to the hub', async (_what, value) => {
  const { hub } = await simulate();
  hub.register({ id: 'dev', type: 'dev', run: () => {} });
  const { id } = hub.escalate('may I?');
  await hub.settled();
  const before = JSON.stringify(hub.picture());

  for (const call of [
    () => hub.submit(value()),
    () => hub.register(value()),
    () => hub.schedule(value()),
    () => hub.orchestrate(value()),
    () => hub.escalate('why?', null, value()),
    () => hub.agents(value()),
    () => hub.as(value()),
    () => hub.inbox(value()),
    () => hub.report(value()),
    () => hub.operator(value()),
    () => hub.on(value(), () => {}),
    () => hub.on('*', value()),
    () => hub.log(value()),
    () => hub.follow(value()),
    () => hub.as('dev').escalate('why?', null, value()),
    () => readConfiguration(value()),
  ]) {
    expect(refusal(call).code, String(call)).toMatch(/^(invalid|notJson|tooDeep)$/);
  }
  for (const call of [
    () => hub.send(value()),
    () => hub.send({ to: value(), type: 'note' }),
    () => hub.decideGate(id, value()),
    () => hub.decideGate(value(), { decision: 'approve', by: 'ann' }),
    () => hub.replayDeadLetter(value()),
    () => hub.as('dev').send(value()),
    () => hub.as('dev').send({ to: value(), type: 'note' }),
    () => hub.as('dev').consult('dev', 'how?', null, value()),
    () => hub.as('dev').sleep(value()),
    () => createHub(value()),
    () => createHub({ project: 'p', store: value() }),
    () => createHub({ project: 'p', config: value() }),
  ]) {
    expect((await rejection(call())).code, String(call)).toMatch(/^(invalid|notJson)$/);
  }
  await hub.settled();
  expect(JSON.stringify(hub.picture())).toBe(before);
});

test('what cannot be read is no JSON, and the error says where', () => {
  expect(refusal(() => admitJson({ a: [1, getter()] }))).toMatchObject({ code: 'notJson', path: 'a.1.type' });
});

test('options of routers and planners are read with the same care', () => {
  for (const [, value] of bad) {
    for (const make of [epsilonGreedy, ucb1, languageModelPlanner]) {
      expect(refusal(() => make(value())).code).toBe('invalid');
      expect(refusal(() => make({ curiosity: value(), maxTries: value() } as never)).code).toBe('invalid');
    }
  }
  expect(refusal(() => epsilonGreedy({ epsilon: 2 }))).toMatchObject({ code: 'invalid', path: 'options.epsilon' });
});

test('numbers that are no place in a log do not make a reader run for ever', async () => {
  const { hub } = await simulate();
  for (const seq of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, '1']) {
    expect(refusal(() => hub.follow(seq as number))).toMatchObject({ code: 'invalid', path: 'fromSeq' });
  }
});

test('what drivers throw and calendars promise can bite, too; the hub goes on', async () => {
  const calendar = { next: () => Promise.reject(new Error('later')) as never };
  const { hub, settle } = await simulate({ calendar });
  hub.register({
    id: 'dev',
    type: 'dev',
    run: () => Promise.reject(revoked()),
    answer: () => Promise.reject(revoked()),
  });
  const task = hub.submit({ type: 'x', metadata: { maxAttempts: 1 } });
  expect(await task.result).toMatchObject({ status: 'failed' });
  const asked = hub.as('dev').consult('dev', 'how?', null, { ifNone: 'refuse' });
  await settle();
  expect(await asked).toMatchObject({ status: 'unavailable' });
  const schedule = { id: 's', task: { type: 'x' }, cron: '* * * * *' };
  expect(refusal(() => hub.schedule(schedule))).toMatchObject({ code: 'invalid', path: 'cron' });
});

test('options of a hub that are not known are refused, and so are ports that cannot do their work', async () => {
  expect(await rejection(createHub({ project: 'p', stor: {} } as never))).toMatchObject({
    code: 'invalid',
    path: 'stor',
  });
  expect(await rejection(createHub({ project: 'p', router: {} as never }))).toMatchObject({ path: 'router' });
  expect(await rejection(createHub({ project: 'p', inspect: 'x' as never }))).toMatchObject({ path: 'inspect' });
  expect(await rejection(createHub({ project: 'p', agentTypes: ['a', ''] }))).toMatchObject({ path: 'agentTypes.1' });
  const hub = await createHub({ project: 'p', agentTypes: ['a'], config: undefined as never });
  await hub.stop();
});

test('the hub refuses fields that a message does not have, as drivers are refused', async () => {
  const { hub } = await simulate();
  hub.register({ id: 'dev', type: 'dev', run: () => {} });
  const message = { to: 'dev', type: 'note', from: 'boss' };
  expect(await rejection(hub.send(message))).toMatchObject({ code: 'invalid', path: 'from' });
  expect(await rejection(hub.as('dev').send(message))).toMatchObject({ code: 'invalid', path: 'from' });
});
