import { expect, test } from 'vitest';
import type { Router } from '../../src/index.ts';
import { recordSchema } from '../../src/machines/messages.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';

const right = { agentId: 'dev', strategy: 'mine', confidence: 1, reason: 'so', scores: {}, alternatives: [] };

const answers: [string, () => unknown][] = [
  ['null', () => null],
  ['false', () => false],
  ['NaN as its confidence', () => ({ ...right, confidence: Number.NaN })],
  ['NaN as a score', () => ({ ...right, scores: { fit: Number.NaN } })],
  ['runners-up without an end', () => ({ ...right, alternatives: [{ agentId: 'qa', score: Infinity, reason: '' }] })],
  ['an agent that is no text', () => ({ ...right, agentId: Symbol('dev') })],
  ['a promise', async () => right],
  ['a promise that fails', async () => Promise.reject(new Error('late'))],
  [
    'something that throws when it is read',
    () => ({
      get agentId() {
        throw new Error('no');
      },
    }),
  ],
];

const throwing: [string, () => unknown][] = [undefined, 'a word', Object.create(null)].map((thrown) => [
  `nothing, and throws ${typeof thrown}`,
  () => {
    throw thrown;
  },
]);

test.each([...answers, ...throwing])(
  'a router that answers %s falls back, and the log says so (W3)',
  async (_what, route) => {
    const simulation = await simulate({ router: { route } as Router });
    const { hub } = simulation;
    hub.register({ id: 'dev', type: 'dev', run: [{ return: 'done' }] });
    const explained = hub.explainRouting({ type: 'x' });
    const task = hub.submit({ type: 'x' });
    await simulation.run();
    expect(await task.result).toMatchObject({ success: true, agentId: 'dev' });
    const [assigned] = recordsOf(simulation, 'task.assigned');
    expect(assigned?.payload.routing).toMatchObject({ strategy: 'longestFree' });
    expect(assigned?.payload.routing.reason).toMatch(/^free longest; the router failed: ./);
    expect(recordSchema.safeParse(assigned).success).toBe(true);
    expect(explained.choice).toMatchObject({ agentId: 'dev', reason: assigned?.payload.routing.reason });
    await expectFoldEqual(simulation);
  },
);

test('a router that fails when there is nobody leaves the task in the queue', async () => {
  const simulation = await simulate({
    router: {
      route() {
        throw new Error('no');
      },
    },
  });
  const task = simulation.hub.submit({ type: 'x' });
  await simulation.run();
  expect(simulation.hub.task(task.id)?.status).toBe('queued');
});

test('a router that writes on what it is shown changes nothing', async () => {
  const simulation = await simulate({
    router: {
      route(_task, candidates) {
        for (const { performance, agent } of candidates) {
          Object.assign(performance, { successRate: 1 });
          (agent.languages as string[]).push('everything');
        }
        return undefined;
      },
    },
  });
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  hub.submit({ type: 'x' });
  await simulation.run();
  expect(hub.agent('dev')?.languages).toEqual([]);
  expect(hub.agent('dev')?.performance.successRate).toBeCloseTo((5 * 0.8 + 1) / 6);
  await expectFoldEqual(simulation);
});
