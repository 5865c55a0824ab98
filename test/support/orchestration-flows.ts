/** As flows.ts, for complex tasks. */

import { Deferred } from '../../src/hub/deferred.ts';
import type { PlanInput } from '../../src/machines/plan.ts';
import type { Simulation } from '../../src/testing.ts';
import type { Flow } from './flows.ts';
import { handDriver } from './hand-driver.ts';

const subtask = (id: string, dependencies: string[] = []): PlanInput['subtasks'][number] => ({
  id,
  title: `Implement ${id}`,
  owner: 'dev',
  dependencies,
  minutes: { min: 10, max: 15 },
  tokens: 1000,
  successCriteria: `The tests of ${id} pass`,
});

const options: Flow['options'] = () => ({
  config: { orchestration: { maxAttempts: 1 }, breaker: { failures: 100 } },
  planner: {
    plan: () => new Promise(() => {}),
  },
});

/** A complex task of these subtasks, all at work at once, driven by hand. */
async function atWork({ hub, settle }: Simulation, id: string, ...subtasks: string[]) {
  const driver = handDriver();
  hub.register({ id: `dev-of-${id}`, type: 'dev', concurrency: subtasks.length, run: driver.run });
  hub.orchestrate({ id, title: id, plan: { title: id, subtasks: subtasks.map((each) => subtask(each)) } });
  await settle();
  return driver;
}
const gateOf = ({ hub }: Simulation, name: string): string =>
  hub.gates().find(({ context }) => JSON.stringify(context).includes(`"${name}"`))?.id ?? '';
const skip = (simulation: Simulation, name: string) =>
  simulation.hub.decideGate(gateOf(simulation, name), { decision: 'approve', by: 'alice', choice: 'skip' });

const planned = new Deferred<PlanInput>();
const complex = { title: 'Rebuild it all', orchestrationRequired: true };

export const orchestrationFlows: readonly Flow[] = [
  {
    name: 'a complex task is completed, running and paused',
    options,
    async play(simulation) {
      const { hub, settle } = simulation;
      const driver = await atWork(simulation, 'one', 'a', 'b');
      hub.pauseOrchestration('one');
      hub.resumeOrchestration('one');
      for (const call of driver.calls) call.finish();
      await settle();
      const other = await atWork(simulation, 'two', 'c');
      hub.pauseOrchestration('two');
      (other.calls[0] ?? driver.last).finish();
      await settle();
    },
  },
  {
    name: 'a complex task is blocked by several subtasks, and goes on when all are decided about',
    options,
    async play(simulation) {
      const { hub, settle } = simulation;
      const driver = await atWork(simulation, 'one', 'a', 'b', 'c', 'd');
      const failing = async (index: number) => {
        driver.calls[index]?.fail(new Error('no'));
        await settle();
      };
      await failing(0);
      await failing(1);
      await skip(simulation, 'a');
      hub.pauseOrchestration('one');
      await failing(2);
      await skip(simulation, 'b');
      hub.resumeOrchestration('one');
      await skip(simulation, 'c');
      driver.calls[3]?.finish();
      await settle();
    },
  },
  {
    name: 'a complex task is paused while it is planned, and resumed before and after there is a plan',
    options: () => ({ planner: { plan: () => planned.promise } }),
    async play({ hub, settle }) {
      hub.register({ id: 'master', type: 'dev', run: [] });
      const { id } = hub.orchestrate(complex);
      hub.pauseOrchestration(id);
      hub.resumeOrchestration(id);
      hub.pauseOrchestration(id);
      await settle();
      planned.resolve({ title: 'one', subtasks: [subtask('a')] });
      await settle();
      hub.resumeOrchestration(id);
      await settle();
    },
  },
  {
    name: 'a complex task is cancelled, or fails, wherever it is',
    options,
    async play(simulation) {
      const { hub, settle } = simulation;
      hub.register({ id: 'master', type: 'dev', run: [] });
      hub.orchestrate(complex).cancel();
      hub.orchestrate({ ...complex, plan: undefined, id: 'waits' });
      await simulation.run();
      hub.unregister('master');
      for (const end of ['running', 'blocked', 'blocked-rejected', 'paused', 'paused-rejected'] as const) {
        const driver = await atWork(simulation, end, 'a', 'b');
        if (end !== 'running') driver.calls[0]?.fail(new Error('no'));
        await settle();
        if (end.startsWith('paused')) hub.pauseOrchestration(end);
        if (end.endsWith('rejected'))
          await hub.decideGate(gateOf(simulation, 'a'), { decision: 'reject', by: 'alice' });
        else hub.cancelOrchestration(end);
        hub.unregister(`dev-of-${end}`);
        await settle();
      }
    },
  },
];
