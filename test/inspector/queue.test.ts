import { expect, test } from 'vitest';
import { queueAt } from '../../inspector/src/engine/queue.ts';
import { openFold } from '../../src/index.ts';
import { playScenario, readScenario } from '../../src/testing.ts';
import { recordsOf, scenarioText } from './support/recorded-run.ts';

const all = { from: 0, count: 1_000 };

test.each(['many-types', 'no-agent', 'priorities', 'limits', 'drain'])(
  'in %s the queue has the order of the fold at every moment, and who could take each task',
  async (name) => {
    const fold = openFold();
    let compared = 0;
    for (const record of await recordsOf(scenarioText(name))) {
      fold.next(record);
      const { queue, status } = fold.picture();
      const { total, tasks, groups } = queueAt(fold, all, undefined, null);
      expect(total).toBe(queue.length);
      expect(tasks.map(({ task }) => task.id)).toEqual(queue);
      expect(groups.flatMap(({ priority, count }) => Array(count).fill(priority))).toEqual(
        tasks.map(({ task }) => task.priority),
      );
      for (const { task, why, ableCount, unableCount } of tasks) {
        expect(why).toBe(fold.explain(task.id)?.summary);
        expect(ableCount + unableCount).toBe(status.agents.length);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(0);
  },
);

test('a part of the queue is that part of the whole', async () => {
  const fold = openFold();
  for (const record of await recordsOf(scenarioText('priorities'))) {
    fold.next(record);
    const whole = queueAt(fold, all, undefined, null);
    if (whole.total < 4) continue;
    const part = queueAt(fold, { from: 1, count: 2 }, undefined, null);
    expect(part).toEqual({ ...whole, from: 1, tasks: whole.tasks.slice(1, 3) });
    return;
  }
  throw new Error('the queue was never so long');
});

test('what the hub itself says goes before what its log tells', async () => {
  const play = await playScenario(readScenario(scenarioText('no-agent'), 'no-agent'));
  await play.advance();
  const { hub, records } = play.simulation;
  const fold = openFold();
  for (const record of records()) fold.next(record);
  const { tasks } = queueAt(
    fold,
    all,
    (ids) =>
      Object.fromEntries(ids.map((id) => [id, { ...hub.explainRouting(id), summary: `so says the hub of ${id}` }])),
    null,
  );
  expect(tasks.map(({ why }) => why)).toEqual(hub.queue().map(({ id }) => `so says the hub of ${id}`));
  expect(tasks.length).toBeGreaterThan(0);
});
