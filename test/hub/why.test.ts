import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ActorStep, explainRecord, openFold } from '../../src/index.ts';
import type { HubRecord } from '../../src/machines/messages.ts';
import { readScenario } from '../../src/scenarios/read-scenario.ts';
import { runScenario } from '../../src/scenarios/run-scenario.ts';
import { simulate } from '../../src/testing.ts';

const records = async (name: string) => {
  const text = readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
  return (await runScenario(readScenario(text, name))).records;
};
const find = (log: readonly HubRecord[], type: string, nth = 0) => {
  const found = log.filter((record) => record.type === type)[nth];
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
};
const of = (steps: readonly ActorStep[], actor: string) => steps.find((step) => step.actor.startsWith(actor));

test('an assignment: task and agent, where each stood, what it took, what it notes', async () => {
  const log = await records('auth-system');
  const { seq, payload } = find(log, 'task.assigned');
  const { steps } = explainRecord(log, seq);
  const { taskId, agentId } = payload as { taskId: string; agentId: string };

  expect(steps.map(({ actor }) => actor)).toEqual([`task:${taskId}`, `agent:${agentId}`]);
  expect(steps[0]).toMatchObject({ event: 'task.assigned', before: 'queued', after: 'assigned', outcome: 'moved' });
  expect(steps[0]?.tried).toEqual([
    {
      event: 'task.assigned',
      guard: null,
      otherwise: false,
      targets: ['assigned'],
      actions: ['take'],
      state: 'queued',
      held: true,
      isTaken: true,
    },
  ]);
  expect(steps[0]?.changed.map(({ field }) => field).sort()).toEqual(['agentId', 'attempts', 'lease']);
  expect(steps[0]?.changed).toContainEqual({ field: 'lease', before: null, after: seq });
  expect(steps[1]?.summary).toBe('idle → active.working');
});

test('guards: each is named with what it said, and those behind the one that held were not asked', async () => {
  const { hub, records: log, settle, advance } = await simulate();
  hub.register({
    id: 'dev',
    type: 'dev',
    run: [{ escalate: { reason: 'a', wait: false } }, { escalate: { reason: 'b' } }],
  });
  hub.submit({ id: 't', type: 'x' });
  await settle();
  await advance(1);
  for (const { id } of hub.gates()) await hub.decideGate(id, { decision: 'approve', by: 'ann' });
  await settle();

  const [first, second] = [0, 1].map((nth) => explainRecord(log(), find(log(), 'gate.approved', nth).seq).steps);
  const said = (steps: readonly ActorStep[] | undefined) =>
    of(steps ?? [], 'task:')?.tried.map(({ guard, held, isTaken }) => [guard, held, isTaken]);
  expect(said(first)).toEqual([
    ['isLastGate', false, false],
    [null, true, true],
  ]);
  expect(of(first ?? [], 'task:')?.outcome).toBe('stayed');
  // The last one leads on through a state that decides for itself.
  expect(said(second)).toEqual([
    ['isLastGate', true, true],
    [null, null, false],
    ['isConsulting', false, false],
    [null, true, true],
  ]);
  expect(of(second ?? [], 'task:')?.summary).toBe('running.awaitingHuman → running.working');
});

test('an event for which a chart has nothing: no transition in that state', async () => {
  const { hub, records: log, settle } = await simulate();
  hub.register({ id: 'dev', type: 'dev', run: [] });
  await settle();
  hub.resumeAgent('dev');
  await settle();
  const { steps } = explainRecord(log(), find(log(), 'agent.resume').seq);
  expect(steps).toMatchObject([{ actor: 'agent:dev', outcome: 'ignored', tried: [], before: 'idle', after: 'idle' }]);
  expect(steps[0]?.summary).toBe('no transition for agent.resumed in state idle');
});

test("the hub's own chart, and records that move nothing", async () => {
  const log = await records('jwt-question');
  expect(explainRecord(log, 1).steps[0]).toMatchObject({ actor: 'hub', before: 'recovering', after: 'running' });
  expect(explainRecord(log, find(log, 'task.result').seq).steps).toEqual([]);
  expect(() => explainRecord(log, log.length + 1)).toThrow(`there is no record ${log.length + 1}`);
});

test.each(['auth-orchestration', 'several-gates', 'zombie', 'loop-to-human', 'circuit-breaker'])(
  'Y3: in %s every record is told as the fold has it, from the beginning or behind a checkpoint',
  async (name) => {
    const log = await records(name);
    const fold = openFold();
    for (const record of log) {
      const saved = fold.save();
      const changes = fold.next(record);
      const told = explainRecord(log.slice(record.seq - 1), record.seq, saved).steps.filter(
        ({ actor }) => actor !== 'hub',
      );
      const lasting = new Map(changes.map((change) => [change.actor, change.state]));
      expect(new Map(told.map((step) => [step.actor, step.after]))).toEqual(lasting);
      for (const step of told.filter(({ outcome }) => outcome === 'moved')) {
        expect(step.tried.at(-1)?.isTaken || step.tried.some(({ isTaken }) => isTaken)).toBe(true);
        expect(step.tried.filter(({ isTaken, held }) => isTaken && held !== true)).toEqual([]);
      }
      if (record.seq % 10 === 0) expect(explainRecord(log, record.seq).steps.slice(-told.length)).toEqual(told);
    }
  },
);

test('a fold judges health, and says why a task waits, at any moment', async () => {
  const { hub, records: log, settle } = await simulate();
  hub.register({ id: 'dev', type: 'dev', run: [{ stall: true }] });
  hub.submit({ id: 'first', type: 'x' });
  hub.submit({ id: 'second', type: 'x' });
  await settle();
  const fold = openFold();
  for (const record of log()) fold.next(record);
  expect(fold.explain('second')).toEqual(hub.explainRouting('second'));
  expect(fold.explain('second')?.summary).toBe('all that can do it are busy: dev is active.working with first');
  expect(fold.explain('nobody')).toBeNull();
  expect(fold.health()).toEqual(hub.health());
  const { status, deadLetters } = hub.picture();
  expect([fold.agents(), fold.deadLetters()]).toEqual([status.agents, deadLetters]);
  expect(status).toMatchObject(fold.project());
});
