/** Pl2: planners that throw, hang, answer nonsense or too late end their own orchestration, and nothing else. */
import { expect, test } from 'vitest';
import { Deferred } from '../../src/hub/deferred.ts';
import type { Planner } from '../../src/hub/planner.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { team } from '../support/orchestrations.ts';
import { chain, plan, subtask } from '../support/plans.ts';

async function asked(planner: Planner['plan'], options: { maxStages?: number } = {}) {
  const simulation = await simulate({
    planner: { plan: planner },
    config: { orchestration: { limits: { maxStages: options.maxStages } } },
  });
  const { hub, settle } = simulation;
  team(simulation);
  hub.orchestrate({ id: 'one', title: 'Rebuild it', orchestrationRequired: true });
  await settle();
  return simulation;
}

const tooLarge = (bytes: number) => plan(subtask('a', { description: 'x'.repeat(9000) }), ...many(bytes));
const many = (bytes: number) =>
  Array.from({ length: Math.floor(bytes / 9200) }, (_, index) =>
    subtask(`s${index}`, { description: 'x'.repeat(9000) }),
  );

test.each<[string, Planner['plan'], RegExp]>([
  ['throws', () => Promise.reject(new Error('no budget')), /^the planner failed: no budget$/],
  [
    'throws at once',
    () => {
      throw new Error('no budget');
    },
    /^the planner failed: no budget$/,
  ],
  ['throws what cannot be shown', () => Promise.reject(Object.create(null)), /^the planner failed: .*cannot be shown/],
  ['answers nothing', () => undefined, /the planner answered nothing/],
  ['answers null', () => null, /the planner answered nothing/],
  ['answers a sentence', () => 'first design, then build', /the plan is not valid/],
  ['answers what is no JSON', () => ({ title: 'x', subtasks: [() => {}] }), /the planner failed: .*not JSON/],
  ['answers no subtasks', () => plan(), /the plan has no subtasks/],
  [
    'answers a ring',
    () => plan(subtask('a', { dependencies: ['b'] }), subtask('b', { dependencies: ['a'] })),
    /a → b → a/,
  ],
  ['names an owner that is not there', () => plan(subtask('a', { owner: 'wizard' })), /wizard/],
  ['answers eleven stages', () => chain(...'abcdefghijk'), /11 stages, and 10 are the most.*; break it down/],
  ['answers too much', () => tooLarge(400_000), /the planner failed: .*over 262144 bytes/],
])('a planner that %s', async (_how, planner, reason) => {
  const simulation = await asked(planner);
  const { hub } = simulation;
  expect(hub.report('one')).toMatchObject({ status: 'failed', reason: expect.stringMatching(reason), subtasks: [] });
  expect(hub.tasks()).toEqual([]);
  await expectFoldEqual(simulation);
});

test('a plan that is just too large for its message, too, is named and harms nobody', async () => {
  const text = JSON.stringify(plan(...many(262_144 - 9200)));
  const filler = subtask('filler', { description: '' });
  const room = 262_144 - text.length - JSON.stringify(filler).length - 10;
  const { hub } = await asked(() => plan(...many(262_144 - 9200), { ...filler, description: 'x'.repeat(room) }));
  expect(hub.report('one').reason).toMatch(/bytes|the plan is not valid/);
  expect(hub.status().state).toBe('running');
});

test('a planner that hangs is given up after its time, and told so', async () => {
  const answer = new Deferred<unknown>();
  let signal: AbortSignal | undefined;
  const simulation = await asked((_request, context) => {
    signal = context.signal;
    return answer.promise;
  });
  const { hub, advance, settle } = simulation;
  await advance(300_000);
  expect(hub.report('one')).toMatchObject({ status: 'failed', reason: 'the planner did not answer in time' });
  expect(signal?.aborted).toBe(true);
  answer.resolve(plan(subtask('a')));
  await settle();
  expect(recordsOf(simulation, 'orchestration.plan')).toEqual([]);
  expect(hub.tasks()).toEqual([]);
});

test('one that fails takes no other with it', async () => {
  const { hub, settle } = await simulate({
    planner: {
      plan: ({ title }) => {
        if (title === 'bad') throw new Error('no');
        return plan(subtask('a'));
      },
    },
  });
  hub.register({ id: 'dev', type: 'development', run: [{ return: 'ok' }] });
  const outcomes = ['good', 'bad'].map((title) => hub.orchestrate({ title, orchestrationRequired: true }).result);
  await settle();
  expect((await Promise.all(outcomes)).map(({ status }) => status)).toEqual(['completed', 'failed']);
});

test('the planner is told the request and the masters that there are', async () => {
  const heard: unknown[] = [];
  await asked((request, { masters }) => {
    heard.push(request, masters);
    return null;
  });
  expect(heard).toEqual([{ title: 'Rebuild it', description: '', orchestrationRequired: true }, ['development']]);
});

test('how large a plan may be is a setting, for planners and for plans by hand', async () => {
  const { hub, settle } = await asked(() => chain('a', 'b', 'c'), { maxStages: 2 });
  expect(hub.report('one').reason).toMatch(/3 stages/);
  expect(() => hub.orchestrate({ title: 'By hand', plan: chain('a', 'b', 'c') })).toThrow(/3 stages/);
  hub.orchestrate({ title: 'By hand', plan: chain('a', 'b') });
  await settle();
  expect(hub.orchestrations().active).toBe(1);
});

test('planners may call the hub, while they are asked', async () => {
  const hold: { hub?: Awaited<ReturnType<typeof simulate>>['hub'] } = {};
  const simulation = await simulate({
    planner: {
      plan: () => {
        hold.hub?.submit({ id: 'research', type: 'x' });
        return plan(subtask('a'));
      },
    },
  });
  hold.hub = simulation.hub;
  team(simulation);
  simulation.hub.orchestrate({ title: 'One', orchestrationRequired: true });
  await simulation.settle();
  expect(simulation.hub.task('research')?.status).toBeDefined();
  expect(simulation.hub.orchestrations().current[0]?.status).toBe('running');
});
