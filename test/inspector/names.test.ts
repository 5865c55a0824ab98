import { expect, test } from 'vitest';
import { ActorTree } from '../../inspector/src/model/actor-tree.ts';
import { detailOf, routeOf } from '../../inspector/src/model/flow.ts';
import { calledIn } from '../../inspector/src/model/talks.ts';
import { recordedRun, recordsOf } from './support/recorded-run.ts';

const text = (id: string) => `name: shop
description: one task
seed: 1
agents: [{ id: dev-1, type: development, script: [{ work: 1m }] }]
tasks: [{ id: ${id}, type: work, payload: { title: Add login to the shop } }]
expect: []
`;

async function shopOf(id: string) {
  const records = await recordsOf(text(id));
  const run = recordedRun(records);
  const [assigned, enqueued] = (['task.assigned', 'task.enqueued'] as const).map((type) =>
    records.find((one) => one.type === type),
  );
  if (assigned === undefined || enqueued === undefined) throw new Error('the task was not given out');
  const actor = run.actors.get(`task:${id}`);
  return {
    called: calledIn(run, `task:${id}`),
    inTree: actor && new ActorTree(run).update().labelOf(actor),
    detail: detailOf(assigned, run),
    route: routeOf(enqueued, run),
  };
}

test('a task whose id the hub drew is called by its title, everywhere', async () => {
  const name = 'Add login to the shop';
  const names = await shopOf('6TT4AG5YXo6ghgr1');
  expect(names).toEqual({ called: name, inTree: name, detail: name, route: `hub → ${name}` });
});

test('a task whose id somebody chose is called by it', async () => {
  const name = 'shop-login';
  expect(await shopOf(name)).toEqual({ called: name, inTree: name, detail: name, route: `hub → ${name}` });
});
