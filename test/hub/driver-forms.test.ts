import { describe, expect, test } from 'vitest';
import { assign, fromPromise, setup } from 'xstate';
import type { AgentContext, AnswerContext, AssignedTask, InboxMessage, Question } from '../../src/actors/driver.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf, typesOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';

interface Given {
  readonly task: AssignedTask;
  readonly context: AgentContext;
}

interface MindContext extends Given {
  readonly advice: unknown;
  readonly order: unknown;
}

test('an async function: what it returns is the result', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({
    id: 'a',
    type: 'dev',
    run: async ({ payload, attempt }, { agentId, now, sleep, progress }) => {
      const begun = now();
      await sleep(5000);
      progress(50, 'half way');
      return { payload, attempt, agentId, took: now() - begun };
    },
  });
  const task = hub.submit({ type: 'x', payload: { n: 1 } });
  await simulation.run();
  expect(await task.result).toMatchObject({
    status: 'completed',
    result: { payload: { n: 1 }, attempt: 1, agentId: 'a', took: 5000 },
  });
  expect(recordsOf(simulation, 'task.progressed')).toMatchObject([
    { from: 'a', payload: { percent: 50, note: 'half way' } },
  ]);
  await expectFoldEqual(simulation);
});

test('a plain function will do as well', async () => {
  const { hub, run } = await simulate();
  hub.register({ id: 'a', type: 'dev', run: ({ payload }) => payload });
  const task = hub.submit({ type: 'x', payload: [1, 2] });
  await run();
  expect(await task.result).toMatchObject({ status: 'completed', result: [1, 2] });
});

describe('a statechart as the mind of an agent', () => {
  /** Asks an expert, then waits for an order, then rests, and is done. */
  const mind = setup({
    types: {
      input: {} as Given,
      context: {} as MindContext,
      output: {} as unknown,
      events: {} as InboxMessage & { readonly type: 'order' },
    },
    actors: {
      ask: fromPromise<unknown, AgentContext>(({ input }) => input.consult('expert', 'how?')),
    },
    delays: { rest: 60_000 },
  }).createMachine({
    context: ({ input }) => ({ ...input, advice: null, order: null }),
    initial: 'asking',
    states: {
      asking: {
        invoke: {
          src: 'ask',
          input: ({ context }) => context.context,
          onDone: { target: 'listening', actions: assign({ advice: ({ event }) => event.output }) },
        },
      },
      listening: {
        on: { order: { target: 'resting', actions: assign({ order: ({ event }) => [event.from, event.body] }) } },
      },
      resting: { after: { rest: 'done' } },
      done: { type: 'final' },
    },
    output: ({ context }: { readonly context: MindContext }) => ({
      advice: context.advice,
      order: context.order,
      task: context.task.id,
    }),
  });

  test('consults through its input, gets messages as events, and its output is the result', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({ id: 'expert', type: 'expert', run: [], answer: () => 'carefully' });
    hub.register({ id: 'dev', type: 'dev', run: mind });
    const task = hub.submit({ id: 't', type: 'x', requirements: { agentType: 'dev' } });
    await simulation.settle();
    expect(hub.task('t')?.state).toBe('running.working');
    await hub.send({ to: 'dev', type: 'chatter', body: 'not for its ears' });
    await hub.send({ to: 'dev', type: 'order', body: { go: true } });
    await simulation.run();
    expect(await task.result).toMatchObject({
      status: 'completed',
      durationMs: 60_000,
      result: {
        task: 't',
        advice: { status: 'answered', by: 'expert', answer: 'carefully' },
        order: ['hub', { go: true }],
      },
    });
    expect(hub.inbox('dev')).toEqual([]);
    await expectFoldEqual(simulation);
  });

  test('is stopped when its work is called off, and says nothing more', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({ id: 'dev', type: 'dev', run: mind });
    const task = hub.submit({ type: 'x' });
    await simulation.settle();
    task.cancel();
    await simulation.run();
    expect(await task.result).toMatchObject({ status: 'cancelled' });
    expect(hub.deadLetters()).toEqual([]);
    expect(typesOf(simulation).at(-1)).toBe('task.cancelled');
    await expectFoldEqual(simulation);
  });

  test('leaves what comes after its end to the next one (M3)', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    const once = setup({ types: { events: {} as { type: 'order' } } }).createMachine({
      initial: 'listening',
      states: { listening: { on: { order: 'done' } }, done: { type: 'final' } },
    });
    hub.register({ id: 'dev', type: 'dev', run: once });
    const first = hub.submit({ type: 'x' });
    await hub.send({ to: 'dev', type: 'order', body: 1 });
    await simulation.settle();
    expect(await first.result).toMatchObject({ status: 'completed' });
    await hub.send({ to: 'dev', type: 'order', body: 2 });
    await simulation.settle();
    expect(hub.inbox('dev')).toMatchObject([{ body: 2 }]);
    const second = hub.submit({ type: 'x' });
    await simulation.settle();
    expect(await second.result).toMatchObject({ status: 'completed' });
    expect(hub.inbox('dev')).toEqual([]);
    await expectFoldEqual(simulation);
  });

  test('can leave a state before its delay is over', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    const patient = setup({ types: { events: {} as { type: 'order' } } }).createMachine({
      initial: 'waiting',
      states: { waiting: { on: { order: 'done' }, after: { 60000: 'late' } }, late: {}, done: { type: 'final' } },
    });
    hub.register({ id: 'dev', type: 'dev', run: patient });
    const task = hub.submit({ type: 'x' });
    await hub.send({ to: 'dev', type: 'order' });
    await simulation.run();
    expect(await task.result).toMatchObject({ status: 'completed', durationMs: 0 });
    expect(simulation.environment.next()).toBeUndefined();
    await expectFoldEqual(simulation);
  });

  test('that throws fails its task only', async () => {
    const simulation = await simulate();
    const { hub } = simulation;
    const broken = setup({
      actions: {
        explode: () => {
          throw new Error('boom');
        },
      },
    }).createMachine({ entry: 'explode' });
    hub.register({ id: 'dev', type: 'dev', run: broken });
    const task = hub.submit({ type: 'x' });
    await simulation.run();
    expect(await task.result).toMatchObject({ status: 'failed', error: { code: 'driver', message: 'boom' } });
    expect(hub.agent('dev')?.status).toBe('idle');
    await expectFoldEqual(simulation);
  });

  test('that is no actor logic at all is refused', async () => {
    const { hub } = await simulate();
    const { proxy: unreadable, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const run of [{}, unreadable]) {
      expect(refusal(() => hub.register({ id: 'dev', type: 'dev', run: run as never }))).toMatchObject({
        code: 'invalid',
        path: 'run',
        expected: 'a function, actor logic or a script',
      });
    }
    expect(hub.agents()).toEqual([]);
  });
});

test('promise logic of XState is a driver too, for tasks and for questions', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({
    id: 'expert',
    type: 'expert',
    run: [],
    answer: fromPromise<unknown, { question: Question; context: AnswerContext }>(async ({ input }) => {
      return `${input.question.question} ${input.context.agentId} knows`;
    }),
  });
  hub.register({
    id: 'dev',
    type: 'dev',
    run: fromPromise<unknown, Given>(async ({ input: { context } }) => context.consult('expert', 'who?')),
  });
  const task = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.run();
  expect(await task.result).toMatchObject({ result: { status: 'answered', answer: 'who? expert knows' } });
  await expectFoldEqual(simulation);
});

test('promise logic hears that it is called off', async () => {
  const { hub, settle } = await simulate();
  const heard: boolean[] = [];
  hub.register({
    id: 'dev',
    type: 'dev',
    run: fromPromise(({ signal }) => {
      signal.addEventListener('abort', () => heard.push(true));
      return new Promise(() => {});
    }),
  });
  const task = hub.submit({ type: 'x' });
  await settle();
  task.cancel();
  await settle();
  expect(heard).toEqual([true]);
});
