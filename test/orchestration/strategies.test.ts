import { describe, expect, test } from 'vitest';
import { newAgent, type Performance } from '../../src/hub/performance.ts';
import {
  byHand,
  byScore,
  type Candidate,
  capabilityMatch,
  leastLoaded,
  longestFree,
  type Router,
} from '../../src/hub/routing.ts';
import { payloadSchemas } from '../../src/machines/messages.ts';
import { simulate } from '../../src/testing.ts';
import { candidate, choiceOf, task } from '../support/candidates.ts';
import { recordsOf } from '../support/log.ts';

test('longestFree takes the first that it is offered, and looks at no other', () => {
  const seen: string[] = [];
  function* offer(): Generator<Candidate> {
    for (const id of ['a', 'b']) {
      seen.push(id);
      yield candidate(id);
    }
  }
  expect(longestFree.route(task(), offer(), () => 0)).toEqual({
    agentId: 'a',
    strategy: 'longestFree',
    confidence: 1,
    reason: 'free longest',
    scores: {},
    alternatives: [],
  });
  expect(seen).toEqual(['a']);
});

test.each<[string, Router]>([
  ['longestFree', longestFree],
  ['byHand', byHand],
  ['capabilityMatch', capabilityMatch()],
  ['leastLoaded', leastLoaded()],
])('%s chooses nobody when there is nobody', (_name, router) => {
  expect(router.route(task(), [], () => 0)).toBeUndefined();
});

test('byHand never chooses', () => {
  expect(byHand.route(task(), [candidate('a')], () => 0)).toBeUndefined();
});

describe('capabilityMatch', () => {
  const match = capabilityMatch();
  const asked = { languages: ['ts'] };

  test('takes who has the fewest skills beyond those that are asked for', () => {
    const wide = candidate('wide', { languages: ['ts', 'go', 'rust', 'c'] });
    const narrow = candidate('narrow', { languages: ['ts'] });
    expect(choiceOf(match, [wide, narrow], asked)).toMatchObject({
      agentId: 'narrow',
      strategy: 'capabilityMatch',
      reason: 'fits 100 %',
      scores: { fit: 1, success: 0.8, room: 1 },
      alternatives: [{ agentId: 'wide', reason: 'fits 25 %' }],
    });
  });

  test.each([
    ['an agent without skills and a task that asks for none fit', {}, {}, 1],
    ['half of what it can', asked, { languages: ['ts', 'go'] }, 0.5],
    ['all kinds of skills count', asked, { languages: ['ts'], capabilities: ['a'], specialisations: ['b', 'c'] }, 0.25],
    [
      'who names the type of the task is at least half right',
      asked,
      { languages: ['ts', 'go'], taskTypes: ['x'] },
      0.75,
    ],
    ['other types do not count', asked, { languages: ['ts', 'go'], taskTypes: ['y'] }, 0.5],
    [
      'all kinds of what is asked count',
      { languages: ['ts'], capabilities: ['a'], specialisations: ['b'] },
      { languages: ['ts'], capabilities: ['a'], specialisations: ['b', 'c'] },
      0.75,
    ],
  ])('%s', (_what, requirements, profile, fit) => {
    expect(choiceOf(match, [candidate('a', profile)], requirements).scores.fit).toBe(fit);
  });

  test('among equals in that, the record decides, and then the room', () => {
    const good = candidate('good', {}, { ...newAgent, successRate: 0.9 });
    expect(choiceOf(match, [candidate('new'), good]).agentId).toBe('good');
    const busy = { ...candidate('busy'), load: 0.5 };
    expect(choiceOf(match, [busy, candidate('free')])).toMatchObject({ agentId: 'free', scores: { room: 1 } });
    expect(choiceOf(match, [busy]).scores).toMatchObject({ room: 0.5 });
  });

  test('a fit weighs more than a record, and a record more than room', () => {
    const perfect: Performance = { ...newAgent, successRate: 1 };
    const fitting = candidate('fitting', { languages: ['ts'] }, { ...newAgent, successRate: 0.5 });
    expect(choiceOf(match, [candidate('good', { languages: ['ts', 'go'] }, perfect), fitting], asked).agentId).toBe(
      'fitting',
    );
    const loaded = { ...candidate('loaded', {}, perfect), load: 0.9 };
    expect(choiceOf(match, [candidate('free', {}, { ...newAgent, successRate: 0.5 }), loaded]).agentId).toBe('loaded');
  });
});

describe('leastLoaded', () => {
  test('takes who has the most room, and among equals who has the better record', () => {
    const half = { ...candidate('half'), load: 0.5 };
    const free = candidate('free');
    const proven = candidate('proven', {}, { ...newAgent, successRate: 1 });
    expect(choiceOf(leastLoaded(), [half, free])).toMatchObject({
      agentId: 'free',
      strategy: 'leastLoaded',
      reason: '0 % loaded',
      scores: { room: 1, success: 0.8 },
      alternatives: [{ agentId: 'half', reason: '50 % loaded' }],
    });
    expect(choiceOf(leastLoaded(), [free, proven]).agentId).toBe('proven');
    expect(choiceOf(leastLoaded(), [{ ...proven, load: 0.1 }, free]).agentId).toBe('free');
    expect(choiceOf(leastLoaded(), [half]).scores).toEqual({ room: 0.5, success: 0.8 });
  });
});

describe('byScore', () => {
  const rated = (scores: { [id: string]: number }) =>
    byScore('mine', (_task, { agent }) => {
      const score = scores[agent.agentId] ?? 0;
      return { score, scores: { mine: score }, reason: `has ${score}` };
    });
  const five = ['a', 'b', 'c', 'd', 'e'].map((id) => candidate(id));

  test('takes the highest and tells the next three, best first', () => {
    expect(choiceOf(rated({ a: 1, b: 5, c: 3, d: 4, e: 2 }), five)).toEqual({
      agentId: 'b',
      strategy: 'mine',
      confidence: 0.1,
      reason: 'has 5',
      scores: { mine: 5 },
      alternatives: [
        { agentId: 'd', score: 4, reason: 'has 4' },
        { agentId: 'c', score: 3, reason: 'has 3' },
        { agentId: 'e', score: 2, reason: 'has 2' },
      ],
    });
  });

  test('among equals takes who has been free longest', () => {
    expect(choiceOf(rated({}), five)).toMatchObject({ agentId: 'a', alternatives: [{ agentId: 'b' }, {}, {}] });
  });

  test('J2: looks at the 32 that have been free longest', () => {
    let seen = 0;
    function* many() {
      for (; ; seen++) yield candidate(`a${seen}`);
    }
    expect(rated({ a31: 1, a32: 2 }).route(task(), many(), () => 0)?.agentId).toBe('a31');
    expect(seen).toBe(31);
  });

  test.each([
    [0, 0.8, 0, 0.1],
    [1, 0.5, 0, 0.4 / 50 + 0.2 + 0.2],
    [25, 1, 0, 0.2 + 0.4 + 0.2],
    [50, 1, 0, 1],
    [5000, 1, 0, 1],
    [50, 0, 0.5, 0.4 + 0.1],
    [50, 0, 1, 0.4 + 0.02],
  ])('with %i tasks known, success %d and load %d the confidence is %d', (taskCount, successRate, load, confidence) => {
    const known = { ...candidate('a', {}, { ...newAgent, taskCount, successRate }), load };
    expect(choiceOf(rated({}), [known]).confidence).toBeCloseTo(confidence, 10);
  });
});

test('the decision is in the log with the assignment: chosen, why, score parts, runners-up', async () => {
  const simulation = await simulate({ router: capabilityMatch() });
  const { hub } = simulation;
  hub.register({ id: 'wide', type: 'dev', languages: ['ts', 'go'], run: [] });
  hub.register({ id: 'narrow', type: 'dev', languages: ['ts'], run: [] });
  hub.submit({ type: 'x', requirements: { languages: ['ts'] } });
  await simulation.settle();
  const [assigned] = recordsOf(simulation, 'task.assigned');
  expect(assigned?.payload).toMatchObject({
    agentId: 'narrow',
    attempt: 1,
    routing: {
      strategy: 'capabilityMatch',
      confidence: 0.1,
      reason: 'fits 100 %',
      scores: { fit: 1, success: 0.8, room: 1 },
      alternatives: [{ agentId: 'wide', reason: 'fits 50 %' }],
    },
  });
  expect(payloadSchemas['task.assigned'].safeParse(assigned?.payload).success).toBe(true);
});

test('leastLoaded spreads tasks over agents that can have several', async () => {
  const simulation = await simulate({ router: leastLoaded() });
  const { hub } = simulation;
  for (const id of ['a', 'b', 'c']) hub.register({ id, type: 'dev', concurrency: 4, run: [{ work: 1000 }] });
  for (let index = 0; index < 6; index++) hub.submit({ type: 'x' });
  expect(hub.agents().map(({ tasks }) => tasks.length)).toEqual([2, 2, 2]);
});
