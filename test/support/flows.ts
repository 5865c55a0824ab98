/**
 * Short runs of a hub that between them go everywhere in the charts. What each one means for a user is
 * tested elsewhere; here it counts where they lead.
 */
import type { Hub } from '../../src/hub/hub.ts';
import type { Simulation, SimulationOptions } from '../../src/testing.ts';
import { handDriver } from './hand-driver.ts';
import { heldStore } from './stores.ts';

export interface Flow {
  readonly name: string;
  readonly options?: () => SimulationOptions;
  play(simulation: Simulation): Promise<unknown>;
}

const once = { metadata: { maxAttempts: 1 } };
const approveAll = async (hub: Hub) => {
  for (const { id } of hub.gates()) await hub.decideGate(id, { decision: 'approve', by: 'alice' });
};
/** Registers an agent that the test drives by hand and gives it this many tasks. */
async function atWork({ hub, settle }: Simulation, tasks = 1, concurrency = tasks) {
  const driver = handDriver();
  hub.register({ id: 'dev', type: 'dev', concurrency, run: driver.run });
  for (let index = 1; index <= tasks; index++) hub.submit({ id: `t${index}`, type: 'x', ...once });
  await settle();
  return driver;
}
const expert = (hub: Hub) => hub.register({ id: 'expert', type: 'expert', run: [], answer: [{ stall: true }] });

const held = heldStore();

export const flows: readonly Flow[] = [
  {
    name: 'a task that waits for its time is cancelled, or times out',
    async play({ hub, run }) {
      hub.submit({ type: 'x', metadata: { delayMs: 5000 } }).cancel();
      hub.submit({ type: 'x', metadata: { delayMs: 5000, timeoutMs: 1000 } });
      hub.submit({ type: 'x', metadata: { delayMs: 5000 } });
      await run();
    },
  },
  {
    name: 'a queued task is cancelled, or times out',
    async play({ hub, run }) {
      hub.submit({ type: 'x' }).cancel();
      hub.submit({ type: 'x', metadata: { timeoutMs: 1000 } });
      await run();
    },
  },
  {
    name: 'an assigned task is cancelled, or returned, before it is started',
    async play({ hub, settle }) {
      hub.register({ id: 'dev', type: 'dev', run: [] });
      hub.submit({ type: 'x' }).cancel();
      hub.submit({ type: 'x' });
      hub.unregister('dev');
      await settle();
    },
  },
  {
    name: 'an assigned task times out before its assignment is durable',
    options: () => ({ store: held.store }),
    async play({ hub, environment, settle }) {
      hub.register({ id: 'dev', type: 'dev', run: [] });
      await settle();
      held.hold();
      hub.submit({ type: 'x', metadata: { timeoutMs: 1000 } });
      environment.step();
      held.letThrough();
      await settle();
    },
  },
  {
    name: 'a failed task is tried again, and cancelled or timed out while it waits',
    options: () => ({ config: { retry: { maxAttempts: 9 } } }),
    async play({ hub, run, settle }) {
      hub.register({ id: 'dev', type: 'dev', run: [{ fail: { message: 'no', times: 1 } }] });
      hub.submit({ type: 'x' });
      const cancelled = hub.submit({ type: 'x' });
      hub.submit({ type: 'x', metadata: { timeoutMs: 10 } });
      await settle();
      cancelled.cancel();
      await run();
    },
  },
  {
    name: 'a result that comes too late is accepted, wherever its task is meanwhile',
    async play(simulation) {
      const { hub, settle } = simulation;
      const tooLate = async (id: string) => {
        const driver = handDriver();
        hub.register({ id: `late-${id}`, type: id, run: driver.run });
        hub.submit({ id, type: 'x', requirements: { agentType: id } });
        await settle();
        hub.unregister(`late-${id}`);
        driver.last.finish('late');
        await settle();
        return hub.deadLetters().at(-1)?.letterSeq ?? 0;
      };
      hub.acceptLateResult(await tooLate('queued'), 'alice');
      const letters = [await tooLate('assigned'), await tooLate('running'), await tooLate('retrying')];
      hub.register({ id: 'working', type: 'running', run: [{ stall: true }] });
      hub.register({ id: 'failing', type: 'retrying', run: [{ fail: 'no' }] });
      await settle();
      hub.register({ id: 'about-to', type: 'assigned', run: [] });
      for (const letter of letters) hub.acceptLateResult(letter, 'alice');
      await settle();
    },
  },
  {
    name: 'questions and gates of one task, opened and closed in every order',
    async play(simulation) {
      const { hub, settle, run } = simulation;
      const driver = await atWork(simulation);
      hub.register({ id: 'expert', type: 'expert', run: [], answer: [{ work: '1m' }] });
      hub.register({ id: 'expert-2', type: 'expert', run: [], answer: [{ work: '2m' }] });
      const { context } = driver.last;
      const both = Promise.all([context.consult('expert', 'a?'), context.consult('expert', 'b?')]);
      await settle();
      context.escalate('one');
      context.escalate('two');
      await settle();
      await approveAll(hub);
      await run();
      await both;
      context.escalate('three');
      const during = context.consult('expert', 'c?');
      await run();
      await during;
      await approveAll(hub);
      driver.last.finish();
      await settle();
    },
  },
  {
    name: 'an agent with room takes more while it works and while it waits, and asks without a task',
    async play(simulation) {
      const { hub, settle } = simulation;
      const driver = await atWork(simulation, 2, 4);
      void driver.last.context.consult('expert', 'a?');
      void driver.last.context.consult('expert', 'b?');
      await settle();
      hub.submit({ type: 'x' });
      await settle();
      hub.register({ id: 'idle', type: 'idle', run: [] });
      void hub.as('idle').consult('expert', 'c?', null, { timeoutMs: 5 });
      await settle();
      expert(hub);
      hub.cancel('t1');
      await simulation.run();
    },
  },
  {
    name: 'agents are paused and resumed: idle, at work, answering, waiting, twice',
    async play(simulation) {
      const { hub, settle, run } = simulation;
      const driver = await atWork(simulation, 2);
      hub.register({ id: 'expert', type: 'expert', run: [], answer: [{ work: '1m' }] });
      const answer = driver.last.context.consult('expert', 'a?');
      await settle();
      for (const id of ['dev', 'expert', 'dev']) hub.pauseAgent(id);
      hub.resumeAgent('dev');
      hub.resumeAgent('expert');
      hub.pauseAgent('dev');
      hub.pauseAgent('expert');
      await run();
      await answer;
      driver.last.finish();
      await settle();
      hub.resumeAgent('dev');
      hub.resumeAgent('expert');
      hub.pauseAgent('expert');
      hub.escalate('held twice', null, { agentId: 'expert' });
      hub.escalate('held thrice', null, { agentId: 'expert' });
      await approveAll(hub);
      hub.resumeAgent('expert');
      hub.escalate('held when idle', null, { agentId: 'expert' });
      await settle();
    },
  },
  {
    name: 'a specialist asks, is held by a gate, and answers',
    async play(simulation) {
      const { hub, run, settle } = simulation;
      const driver = await atWork(simulation);
      hub.register({
        id: 'expert',
        type: 'expert',
        run: [],
        answer: [{ consult: { type: 'guru', question: 'b?', timeout: '1m' } }, { work: '1h' }],
      });
      void driver.last.context.consult('expert', 'a?');
      await simulation.advance(60_000);
      hub.escalate('is it well?', null, { agentId: 'expert' });
      await settle();
      await approveAll(hub);
      await run();
    },
  },
  {
    name: 'agents are lost and found: idle, at work, held, answering, asking; and things happen to them meanwhile',
    async play(simulation) {
      const { hub, settle } = simulation;
      hub.register({ id: 'idle', type: 'idle', run: [] });
      hub.reportLost('idle');
      const context = hub.as('idle');
      hub.escalate('meanwhile', null, { agentId: 'idle' });
      await approveAll(hub);
      hub.pauseAgent('idle');
      hub.resumeAgent('idle');
      const asked = context.consult('nobody', 'meanwhile?', null, { timeoutMs: 5 });
      await simulation.run();
      await asked;

      const driver = handDriver();
      hub.register({ id: 'dev', type: 'dev', run: driver.run });
      hub.register({ id: 'answering', type: 'expert', run: [], answer: [{ stall: true }] });
      hub.submit({ id: 'task', type: 'x', requirements: { agentType: 'dev' } });
      await settle();
      void driver.last.context.consult('expert', 'a?');
      await settle();
      hub.reportLost('answering');
      driver.last.context.escalate('and a gate');
      await settle();
      hub.reportLost('dev');
      hub.register({ id: 'dev', type: 'dev', run: driver.run });
      await settle();
      hub.unregister('dev');
    },
  },
  {
    name: 'a breaker trips an agent that is idle, at work, held or lost, and lets it try again',
    options: () => ({ config: { breaker: { failures: 1, resetMs: 1000 } } }),
    async play(simulation) {
      const { hub, settle, run } = simulation;
      const driver = await atWork(simulation, 2);
      driver.calls[0]?.fail(new Error('no'));
      await settle();
      driver.calls[1]?.fail(new Error('no'));
      await run();
      const other = handDriver();
      hub.register({ id: 'held', type: 'held', run: other.run });
      hub.submit({ type: 'x', requirements: { agentType: 'held' }, ...once });
      await settle();
      hub.pauseAgent('held');
      other.last.fail(new Error('no'));
      await run();
      hub.register({ id: 'lost', type: 'lost', run: [{ crash: true }] });
      hub.submit({ type: 'x', requirements: { agentType: 'lost' }, ...once });
      hub.register({ id: 'idle', type: 'idle', run: [{ fail: 'no' }] });
      hub.submit({ type: 'x', requirements: { agentType: 'idle' }, ...once });
      await run();
    },
  },
  {
    name: 'questions end in every way, before and after somebody was asked',
    async play(simulation) {
      const { hub, settle, run } = simulation;
      const driver = await atWork(simulation);
      const { consult } = driver.last.context;
      const refused = consult('expert', 'a?', null, { ifNone: 'refuse' });
      const expired = consult('expert', 'b?', null, { timeoutMs: 5 });
      await run();
      expert(hub);
      const late = consult('expert', 'c?', null, { timeoutMs: 5 });
      await run();
      hub.register({ id: 'declines', type: 'shy', run: [], answer: [{ decline: 'no' }] });
      hub.register({ id: 'answers', type: 'bold', run: [], answer: [{ return: 'yes' }] });
      await Promise.all([refused, expired, late, consult('shy', 'd?'), consult('bold', 'e?')]);
      void consult('expert', 'f?');
      void consult('nobody', 'g?');
      await settle();
      hub.unregister('expert');
      expert(hub);
      await settle();
      hub.cancel('t1');
      await settle();
    },
  },
  {
    name: 'gates end in every way',
    async play({ hub, run }) {
      const step = (action: 'remind' | 'handOver' | 'approve' | 'reject' | 'expire') => ({
        afterMs: 5,
        action,
        ...(action === 'handOver' && { approver: 'boss' }),
      });
      hub.escalate('one', null, { ladder: [step('remind'), step('handOver'), step('approve')] });
      hub.escalate('two', null, { ladder: [step('reject')] });
      hub.escalate('three', null, { ladder: [step('expire')] });
      hub.register({ id: 'dev', type: 'dev', run: [] });
      hub.escalate('four', null, { agentId: 'dev' });
      hub.unregister('dev');
      await run();
    },
  },
  {
    name: 'a hub is paused, resumed, drained and stopped',
    async play({ hub }) {
      hub.submit({ type: 'x' });
      hub.pause();
      hub.resume();
      void hub.drain();
      await hub.stop();
    },
  },
  {
    name: 'a paused hub is drained',
    async play({ hub }) {
      hub.pause();
      await hub.drain();
    },
  },
  {
    name: 'a paused hub is stopped',
    async play({ hub }) {
      hub.pause();
      await hub.stop();
    },
  },
  {
    name: 'a running hub is stopped',
    play: ({ hub }) => hub.stop(),
  },
];
