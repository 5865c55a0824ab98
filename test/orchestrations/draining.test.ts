/** A hub that drains takes no new orchestrations and waits for those that it has; a hub that stops leaves them in the log. */
import { expect, test } from 'vitest';
import { Deferred } from '../../src/hub/deferred.ts';
import { simulate } from '../../src/testing.ts';
import { choose, noReviser, oneAttempt, team } from '../support/orchestrations.ts';
import { chain, plan, subtask } from '../support/plans.ts';

test('what has begun goes on to its end, with all that is still to begin', async () => {
  const simulation = await simulate({ planner: noReviser });
  const { hub, settle } = simulation;
  const workers = team(simulation);
  const { result } = hub.orchestrate({ id: 'one', title: 'One', plan: chain('a', 'b') });
  await settle();
  const drained = hub.drain();
  for (const id of ['a', 'b']) {
    expect(hub.status().state).toBe('draining');
    workers.at(id).finish();
    await settle();
  }
  await drained;
  expect((await result).status).toBe('completed');
});

test('what the planner thinks about is planned and done', async () => {
  const answer = new Deferred<unknown>();
  const { hub, settle } = await simulate({ planner: { plan: () => answer.promise } });
  hub.register({ id: 'dev', type: 'development', run: async () => null });
  const { result } = hub.orchestrate({ title: 'One', orchestrationRequired: true });
  const drained = hub.drain();
  await settle();
  expect(hub.status().state).toBe('draining');
  answer.resolve(plan(subtask('a')));
  await drained;
  expect((await result).status).toBe('completed');
});

test('a person is waited for', async () => {
  const simulation = await simulate({ config: oneAttempt, planner: noReviser });
  const { hub, settle } = simulation;
  const workers = team(simulation);
  hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
  await settle();
  const drained = hub.drain();
  workers.at('a').fail(new Error('no'));
  await settle();
  expect(hub.status().state).toBe('draining');
  await choose(hub, 'a', 'skip');
  await drained;
});

test('no new one is taken', async () => {
  const { hub } = await simulate({ planner: noReviser });
  hub.register({ id: 'dev', type: 'development', run: [{ stall: true }] });
  hub.submit({ type: 'x' });
  void hub.drain();
  expect(() => hub.orchestrate({ title: 'One', plan: plan(subtask('a')) })).toThrow(
    expect.objectContaining({ code: 'draining' }),
  );
});

test('when the hub stops, whoever waits for an outcome hears that, and so does the planner', async () => {
  let signal: AbortSignal | undefined;
  const { hub, settle } = await simulate({
    planner: {
      plan: (_request, context) => {
        signal = context.signal;
        return new Promise(() => {});
      },
    },
  });
  const { result } = hub.orchestrate({ title: 'One', orchestrationRequired: true });
  await settle();
  await hub.stop();
  await expect(result).rejects.toMatchObject({ code: 'stopped' });
  expect(signal?.aborted).toBe(true);
});
