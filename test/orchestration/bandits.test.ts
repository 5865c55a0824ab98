import { describe, expect, test } from 'vitest';
import { newAgent } from '../../src/hub/performance.ts';
import { type Candidate, epsilonGreedy, type Router, ucb1 } from '../../src/hub/routing.ts';
import { simulatedEnvironment } from '../../src/testing.ts';
import { candidate, choiceOf, task } from '../support/candidates.ts';

/** An agent with this record. */
const known = (id: string, taskCount: number, successRate: number, averageQuality = 1): Candidate =>
  candidate(id, {}, { ...newAgent, taskCount, successRate, averageQuality });

/** Chance that says these numbers and no more. */
function saying(...numbers: number[]): () => number {
  return () => {
    const number = numbers.shift();
    if (number === undefined) throw new Error('chance was asked for once too often');
    return number;
  };
}

const route = (router: Router, candidates: readonly Candidate[], ...chance: number[]) =>
  router.route(task(), candidates, saying(...chance));

const team = [known('poor', 0, 0.2), known('best', 0, 0.9), known('good', 0, 0.8), known('fair', 0, 0.5)];

test.each<[string, Router]>([
  ['epsilonGreedy', epsilonGreedy()],
  ['ucb1', ucb1()],
])('%s chooses nobody when there is nobody, and the only one without chance', (_name, router) => {
  expect(route(router, [])).toBeUndefined();
  expect(choiceOf(router, [known('only', 3, 0.1)]).agentId).toBe('only');
});

describe('epsilonGreedy', () => {
  test('takes the best record: success times quality', () => {
    expect(route(epsilonGreedy(), team, 0.2)).toMatchObject({
      agentId: 'best',
      strategy: 'epsilonGreedy',
      reason: '90 % success, quality 1.00',
      scores: { success: 0.9, quality: 1 },
      alternatives: [
        { agentId: 'good', score: 0.8, reason: '80 % success, quality 1.00' },
        { agentId: 'fair' },
        { agentId: 'poor' },
      ],
    });
    expect(route(epsilonGreedy(), [known('sure', 0, 1, 0.5), known('fine', 0, 0.6, 0.9)], 0.9)?.agentId).toBe('fine');
  });

  test('leaves its share of choices to chance, and says so; the runners-up are told best first all the same', () => {
    expect(route(epsilonGreedy(), team, 0.199, 0.99)).toMatchObject({
      agentId: 'fair',
      strategy: 'epsilonGreedy',
      reason: 'explored by chance',
      scores: { success: 0.5, quality: 1 },
      alternatives: [{ agentId: 'best' }, { agentId: 'good' }, { agentId: 'poor' }],
    });
  });

  test.each([
    [0, 'poor'],
    [0.2499, 'poor'],
    [0.25, 'best'],
    [0.5, 'good'],
    [0.75, 'fair'],
    [0.9999, 'fair'],
  ])('chance %d takes %s: each is as likely', (chance, agentId) => {
    expect(route(epsilonGreedy(), team, 0, chance)?.agentId).toBe(agentId);
  });

  test('the share shrinks with the tasks that were done', () => {
    const router = epsilonGreedy({ epsilon: 0.5, decay: 0.9, floor: 0.1 });
    const explores = (tasks: number, chance: number) =>
      route(router, [known('a', tasks, 0.1), known('b', tasks, 0.9)], chance, 0)?.reason === 'explored by chance';
    expect([explores(0, 0.499), explores(0, 0.5)]).toEqual([true, false]);
    const shareOfTwo = 0.5 * 0.9 ** 4;
    expect([explores(2, shareOfTwo - 1e-9), explores(2, shareOfTwo)]).toEqual([true, false]);
  });

  test('but not below the floor', () => {
    const router = epsilonGreedy({ floor: 0.1 });
    const old = [known('a', 5000, 0.1), known('b', 5000, 0.9)];
    expect(route(router, old, 0.099, 0)?.reason).toBe('explored by chance');
    expect(route(router, old, 0.1)?.agentId).toBe('b');
  });
});

describe('ucb1', () => {
  test('takes who is least known when the records are alike', () => {
    expect(choiceOf(ucb1(), [known('old', 50, 0.8), known('new', 5, 0.8)])).toMatchObject({
      agentId: 'new',
      strategy: 'ucb1',
      reason: '5 tasks known',
      scores: { success: 0.8, quality: 1 },
      alternatives: [{ agentId: 'old', reason: '50 tasks known' }],
    });
  });

  test('takes the better record when all are known alike', () => {
    expect(choiceOf(ucb1(), [known('poor', 20, 0.5), known('good', 20, 0.8)]).agentId).toBe('good');
  });

  test('the bonus is c · sqrt(2 ln(N + 1) / (n + 1))', () => {
    const choice = choiceOf(ucb1({ curiosity: 2 }), [known('a', 3, 1), known('b', 6, 0.5)]);
    expect(choice.scores.bonus).toBeCloseTo(2 * Math.sqrt((2 * Math.log(10)) / 4), 12);
    expect(choice.alternatives[0]?.score).toBeCloseTo(0.5 + 2 * Math.sqrt((2 * Math.log(10)) / 7), 12);
  });

  test('curiosity weighs against the record', () => {
    const two = [known('good', 40, 0.9), known('unknown', 1, 0.3)];
    expect(choiceOf(ucb1({ curiosity: 0 }), two).agentId).toBe('good');
    expect(choiceOf(ucb1({ curiosity: 1 }), two).agentId).toBe('unknown');
  });

  test('before anything is known it takes who has been free longest', () => {
    expect(choiceOf(ucb1(), [known('a', 0, 0.8), known('b', 0, 0.8)]).agentId).toBe('a');
  });
});

test('J3: the same seed makes the same choices', () => {
  const choices = (seed: number) => {
    const { random } = simulatedEnvironment(seed);
    const router = epsilonGreedy({ epsilon: 1, decay: 1 });
    return Array.from({ length: 50 }, () => router.route(task(), team, random)?.agentId).join(' ');
  };
  expect(choices(1)).toBe(choices(1));
  expect(choices(1)).not.toBe(choices(2));
});
