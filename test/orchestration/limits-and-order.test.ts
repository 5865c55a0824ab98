/** A limited type does not jump the queue: nobody gets one of its tasks while something that they could do stands before it (I6, W4). */
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';

const config = { limits: { limited: { concurrency: 1 } } };

test('when work begins again after a pause, each agent begins with what stands first for it', async () => {
  const simulation = await simulate({ config });
  const { hub } = simulation;
  hub.register({ id: 'plain', type: 'plain', run: [{ work: '1m' }] });
  hub.register({ id: 'able', type: 'able', capabilities: ['sql'], run: [{ work: '1m' }] });
  hub.pause();
  hub.submit({ id: 'first', type: 'free', metadata: { priority: 9 }, requirements: { capabilities: ['sql'] } });
  hub.submit({ id: 'second', type: 'limited', requirements: { agentType: 'able' } });
  hub.resume();
  await simulation.run();
  const assigned = recordsOf(simulation, 'task.assigned').map(({ payload }) => [payload.taskId, payload.agentId]);
  expect(assigned).toEqual([
    ['first', 'able'],
    ['second', 'able'],
  ]);
  await expectFoldEqual(simulation);
});

test('tasks that come at once are given out in their order, whoever has just become free', async () => {
  const simulation = await simulate({ config });
  const { hub } = simulation;
  hub.register({ id: 'able', type: 'able', run: [{ work: '1m' }] });
  hub.register({ id: 'other', type: 'other', run: [{ work: '1s' }] });
  const subtask = { description: 'a part', minutes: { min: 15, max: 30 }, tokens: 10, successCriteria: 'it is there' };
  const part = (id: string, owner: string, workerType: string, dependencies: string[]) => ({
    ...subtask,
    id,
    title: id,
    owner,
    workerType,
    dependencies,
    files: [`${id}.ts`],
  });
  const subtasks = [
    part('one', 'other', 'free', []),
    part('two', 'able', 'free', ['one']),
    part('three', 'able', 'limited', ['one']),
  ];
  hub.orchestrate({ id: 'o', title: 'three parts', plan: { title: 'three parts', subtasks } });
  await simulation.run();
  const assigned = recordsOf(simulation, 'task.assigned').map(({ payload }) => payload.taskId);
  expect(assigned).toEqual(['o.one', 'o.two', 'o.three']);
  await expectFoldEqual(simulation);
});
