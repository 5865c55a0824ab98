/** A result that comes too late is a dead letter, and a person can take it for the result after all. */
import { expect, test } from 'vitest';
import { readLog } from '../../src/actors/import-log.ts';
import { maxJsonBytes } from '../../src/machines/json.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { noReviser, team } from '../support/orchestrations.ts';
import { chain, plan, subtask } from '../support/plans.ts';

/** Somebody else has the subtask by now; the first agent's result lies with the dead letters. */
async function tooLate() {
  const simulation = await simulate({ planner: noReviser });
  const { hub, settle, advance } = simulation;
  const zombie = team(simulation, 'development', 1);
  hub.orchestrate({ id: 'one', title: 'One', plan: chain('a', 'b') });
  await settle();
  const call = zombie.at('a');
  hub.register({ id: 'second', type: 'development', run: [{ work: '5m' }, { return: 'second' }] });
  await advance(20 * 60_000);
  call.finish('first');
  await settle();
  return { ...simulation, letter: hub.deadLetters()[0]?.letterSeq ?? 0 };
}

test('it is fenced, and the report has the result of whoever was in time', async () => {
  const { hub, advance } = await tooLate();
  await advance(5 * 60_000);
  expect(hub.report('one').subtasks[0]).toMatchObject({ result: 'second', agentId: 'second' });
});

test('when a person accepts it, who is at it is called off, and the dependants go on with that result', async () => {
  const simulation = await tooLate();
  const { hub, letter, settle } = simulation;
  hub.acceptLateResult(letter, 'ann');
  await settle();
  expect(hub.deadLetters()).toEqual([]);
  expect(hub.agents({ status: 'active' })).toHaveLength(1);
  const [a, b] = hub.report('one').subtasks;
  expect(a).toMatchObject({ status: 'completed', result: 'first' });
  expect(b?.status).toBe('running');
  expect(hub.task('one.b')?.status).toBe('running');
  await expectFoldEqual(simulation);
});

test('the report and the records of the agents say whose result it is', async () => {
  const { hub, letter, settle } = await tooLate();
  hub.acceptLateResult(letter, 'ann');
  await settle();
  expect(hub.report('one').subtasks[0]?.agentId).toBe('development-team');
  expect(hub.task('one.a')?.agentId).toBe('development-team');
  const completed = Object.fromEntries(hub.agents().map((agent) => [agent.id, agent.completed]));
  expect(completed).toEqual({ 'development-team': 1, second: 0 });
});

test('it is too late for that when the subtask has ended', async () => {
  const { hub, letter, advance } = await tooLate();
  await advance(5 * 60_000);
  expect(() => hub.acceptLateResult(letter, 'ann')).toThrow(expect.objectContaining({ code: 'conflict' }));
  expect(hub.deadLetters()).toHaveLength(1);
});

test('an agent cannot accept it', async () => {
  const { hub, letter } = await tooLate();
  expect(() => hub.acceptLateResult(letter, 'second')).toThrow(expect.objectContaining({ code: 'forbidden' }));
});

test('a letter that is no result, or is not there, cannot be accepted', async () => {
  const { hub, settle } = await simulate();
  hub.register({ id: 'dev', type: 'dev', run: [] });
  await hub.send({ to: 'dev', type: 'hello' });
  hub.unregister('dev');
  await settle();
  const letter = hub.deadLetters()[0]?.letterSeq ?? 0;
  expect(() => hub.acceptLateResult(letter, 'ann')).toThrow(/message.send is no result/);
  expect(() => hub.acceptLateResult(12345, 'ann')).toThrow(expect.objectContaining({ code: 'unknownLetter' }));
});

test('the largest result that can come too late can be accepted, and the log can be read back', async () => {
  const simulation = await simulate();
  const { hub, settle } = simulation;
  const driver = handDriver();
  hub.register({ id: 'dev', type: 'dev', run: driver.run });
  const task = hub.submit({ id: 't', type: 'x' });
  await settle();
  hub.unregister('dev');
  await settle();
  const lease = simulation.records().find(({ type }) => type === 'task.assigned')?.seq;
  const result = 'y'.repeat(maxJsonBytes - JSON.stringify({ result: '', taskId: 't', lease }).length);
  driver.last.finish(result);
  await settle();
  hub.acceptLateResult(hub.deadLetters()[0]?.letterSeq ?? 0, 'ann');
  await settle();
  expect(await task.result).toMatchObject({ status: 'completed', result });
  expect([...readLog(simulation.records().map((record) => JSON.stringify(record)))]).toHaveLength(hub.status().seq);
  await expectFoldEqual(simulation);
});

test('the result of an earlier task of the same id is not taken for that of a later one', async () => {
  const simulation = await simulate({ config: { keepFinished: 0 } });
  const { hub, settle } = simulation;
  const workers = team(simulation);
  hub.submit({ id: 't', type: 'x', payload: { subtaskId: 't' } });
  await settle();
  hub.cancel('t');
  workers.at('t').finish('of the first');
  await settle();
  hub.submit({ id: 't', type: 'x', metadata: { delayMs: 1000 } });
  const letter = hub.deadLetters()[0]?.letterSeq ?? 0;
  expect(() => hub.acceptLateResult(letter, 'ann')).toThrow(/an earlier task with the id t/);
  await expectFoldEqual(simulation);
});

test('it is accepted while the subtask waits for somebody to do it, too', async () => {
  const simulation = await simulate({ planner: noReviser });
  const { hub, settle } = simulation;
  const workers = team(simulation);
  hub.orchestrate({ id: 'one', title: 'One', plan: plan(subtask('a')) });
  await settle();
  hub.unregister('development-team');
  workers.at('a').finish('late');
  await settle();
  hub.acceptLateResult(hub.deadLetters()[0]?.letterSeq ?? 0, 'ann');
  await settle();
  expect(hub.report('one')).toMatchObject({ status: 'completed', subtasks: [{ result: 'late' }] });
});
