import { expect, test } from 'vitest';
import { byHand, capabilityMatch, type Hub } from '../../src/index.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { chain } from '../support/plans.ts';
import { refusal } from '../support/refusals.ts';

const whys = (hub: Hub, task: Parameters<Hub['explainRouting']>[0]) =>
  Object.fromEntries(hub.explainRouting(task).agents.map(({ agentId, why }) => [agentId, why]));

test('it tells whom the router would choose now and why, and changes nothing', async () => {
  const simulation = await simulate({ router: capabilityMatch() });
  const { hub } = simulation;
  hub.register({ id: 'wide', type: 'dev', languages: ['ts', 'go'], run: [] });
  hub.register({ id: 'narrow', type: 'dev', languages: ['ts'], run: [] });
  const before = simulation.records().length;
  const explained = hub.explainRouting({ type: 'x', requirements: { languages: ['ts'] } });
  expect(explained).toMatchObject({
    choice: { agentId: 'narrow', strategy: 'capabilityMatch', alternatives: [{ agentId: 'wide' }] },
    summary: 'narrow: fits 100 %',
    agents: [
      { agentId: 'wide', isCapable: true, isFree: true, why: 'is idle' },
      { agentId: 'narrow', isCapable: true, isFree: true, why: 'is idle' },
    ],
  });
  await simulation.settle();
  expect(simulation.records().length - before).toBe(2);
  await expectFoldEqual(simulation);
});

test('who cannot do it lacks something, and each thing is named', async () => {
  const { hub } = await simulate();
  hub.register({ id: 'a', type: 'dev', taskTypes: ['fix'], languages: ['go'], run: [] });
  const explained = hub.explainRouting({
    type: 'feature',
    requirements: { agentType: 'qa', capabilities: ['api'], languages: ['go', 'ts'], specialisations: ['oauth'] },
  });
  expect(explained).toEqual({
    choice: null,
    summary: 'no registered agent can do it',
    agents: [
      {
        agentId: 'a',
        isCapable: false,
        isFree: true,
        why: 'is dev, not qa, takes no feature, lacks the capability api, lacks the language ts, lacks the specialisation oauth',
      },
    ],
  });
});

test('who is busy is named with what keeps it', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [{ stall: true }] });
  hub.register({ id: 'b', type: 'dev', run: [] });
  hub.pauseAgent('b');
  hub.submit({ id: 't1', type: 'x' });
  const waiting = hub.submit({ type: 'x' });
  await simulation.settle();
  expect(whys(hub, waiting.id)).toEqual({ a: 'is active.working with t1', b: 'is paused' });
  expect(hub.explainRouting(waiting.id)).toMatchObject({
    choice: null,
    summary: 'all that can do it are busy: a is active.working with t1, b is paused',
  });
});

test('a limit that is reached is the reason', async () => {
  const simulation = await simulate({ config: { limits: { build: { concurrency: 1 } } } });
  const { hub } = simulation;
  for (const id of ['a', 'b']) hub.register({ id, type: 'dev', run: [{ stall: true }] });
  for (const id of ['t1', 't2']) hub.submit({ id, type: 'build' });
  expect(hub.explainRouting('t2')).toMatchObject({ choice: null, summary: 'the limit for build is reached' });
  expect(hub.explainRouting({ type: 'other' }).choice?.agentId).toBe('b');
});

test('a hub that is paused is the reason', async () => {
  const { hub } = await simulate();
  hub.register({ id: 'a', type: 'dev', run: [] });
  hub.pause();
  expect(hub.explainRouting({ type: 'x' })).toMatchObject({ choice: null, summary: 'the hub is paused' });
});

test('a router that chooses nobody is the reason', async () => {
  const { hub } = await simulate({ router: byHand });
  hub.register({ id: 'a', type: 'dev', run: [] });
  expect(hub.explainRouting({ type: 'x' })).toMatchObject({
    choice: null,
    summary: 'the router leaves it in the queue',
  });
});

test('with no agents at all there is nobody to name', async () => {
  const { hub } = await simulate();
  expect(hub.explainRouting({ type: 'x' })).toEqual({
    choice: null,
    summary: 'no registered agent can do it',
    agents: [],
  });
});

test('a task can be asked about after it has ended; one that there is not is refused', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  const { id } = hub.submit({ type: 'x' });
  await simulation.run();
  expect(hub.explainRouting(id).choice?.agentId).toBe('a');
  expect(refusal(() => hub.explainRouting('nobody')).code).toBe('unknownTask');
  expect(refusal(() => hub.explainRouting({ type: '' })).code).toBe('invalid');
});

test('of a task that is not in the queue it says first where it stands', async () => {
  const simulation = await simulate({
    startAt: Date.UTC(2026, 0, 1),
    config: { retry: { backoffMs: 60_000, maxBackoffMs: 60_000, jitter: 0 } },
  });
  const { hub } = simulation;
  const summary = (id: string) => hub.explainRouting(id).summary;
  hub.register({ id: 'a', type: 'dev', run: [{ stall: true }] });
  hub.register({ id: 'b', type: 'qa', run: [{ fail: { message: 'no', times: 1 } }, { return: 'well' }] });
  hub.register({ id: 'c', type: 'development', run: [] });
  hub.pauseAgent('c');
  hub.submit({ id: 'later', type: 'x', metadata: { delayMs: 3_600_000 } });
  hub.submit({ id: 'now', type: 'x', requirements: { agentType: 'dev' } });
  hub.submit({ id: 'again', type: 'x', requirements: { agentType: 'qa' } });
  hub.orchestrate({ id: 'o', title: 'One thing', plan: chain('one') });
  await simulation.settle();
  expect(summary('o.one')).toBe('all that can do it are busy: c is paused');
  hub.pauseOrchestration('o');
  await simulation.settle();
  expect(summary('later')).toBe('it waits until 2026-01-01T01:00:00Z');
  expect(summary('now')).toBe('it is at work with a');
  expect(summary('again')).toBe('it waits until 2026-01-01T00:01:00Z');
  expect(summary('o.one')).toBe('it is held because orchestration o is paused');
  await simulation.advance(60_000);
  expect(summary('again')).toBe('it has ended: completed');
  expect(hub.explainRouting({ type: 'x' }).summary).toBe('b: free longest');
});
