import { expect, test } from 'vitest';
import type { Router } from '../../src/hub/routing.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';

const choosing = (agentId: string, rest: object = {}): Router => ({
  route: () => ({ agentId, strategy: 'mine', confidence: 1, reason: 'why not', scores: {}, alternatives: [], ...rest }),
});

test.each<[string, Router]>([
  [
    'throws',
    {
      route: () => {
        throw new Error('lost my way');
      },
    },
  ],
  ['chooses nobody that there is', choosing('nobody')],
  ['chooses somebody who cannot do it', choosing('qa')],
  ['chooses somebody who is not free', choosing('busy')],
  ['says what cannot be recorded', choosing('dev', { confidence: 7 })],
  ['tells alternatives without end', choosing('dev', { alternatives: new Array(2 ** 32 - 1) })],
  ['answers nonsense', { route: () => 'dev' as never }],
])('a router that %s is as if it were longestFree, and the log says so (W3)', async (_how, router) => {
  const simulation = await simulate({ router });
  const { hub } = simulation;
  hub.register({ id: 'busy', type: 'dev', run: [{ work: '1h' }] });
  hub.register({ id: 'qa', type: 'qa', run: [] });
  hub.pauseAgent('busy');
  hub.register({ id: 'dev', type: 'dev', run: [{ return: 'done' }] });
  const task = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'completed', agentId: 'dev' });
  const [assigned] = recordsOf(simulation, 'task.assigned');
  expect(assigned?.payload.routing.reason).toContain('the router failed');
  expect(hub.status().state).toBe('running');
  await expectFoldEqual(simulation);
});

test('a router that chooses nobody leaves the task in the queue', async () => {
  const simulation = await simulate({ router: { route: () => undefined } });
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [] });
  const task = hub.submit({ type: 'x' });
  await simulation.run();
  expect(hub.task(task.id)?.status).toBe('queued');
  expect(hub.agent('dev')?.status).toBe('idle');
  await expectFoldEqual(simulation);
});

test('another router does not change the past: the fold never asks it', async () => {
  const picky: Router = {
    route: (_task, candidates) => {
      const last = [...candidates].at(-1);
      return last && choosing(last.agent.agentId).route({} as never, [], () => 0);
    },
  };
  const simulation = await simulate({ router: picky });
  const { hub } = simulation;
  for (const id of ['a', 'b', 'c']) hub.register({ id, type: 'dev', run: [{ work: '1m' }] });
  const task = hub.submit({ type: 'x' });
  await simulation.run();
  expect(await task.result).toMatchObject({ agentId: 'c' });
  await expectFoldEqual(simulation);
});

test('what a router says that it cannot is told in words', async () => {
  const simulation = await simulate({ router: { route: () => ({ agentId: 'dev' }) as never } });
  simulation.hub.register({ id: 'dev', type: 'dev', run: [] });
  simulation.hub.submit({ type: 'x' });
  await simulation.run();
  const [assigned] = recordsOf(simulation, 'task.assigned');
  expect(assigned?.payload.routing.reason).toBe('free longest; the router failed: strategy: is required');
});
