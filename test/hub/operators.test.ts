import { describe, expect, test } from 'vitest';
import { maxJsonBytes } from '../../src/machines/json.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { handDriver } from '../support/hand-driver.ts';
import { recordsOf } from '../support/log.ts';
import { refusal, rejection } from '../support/refusals.ts';
import { restartAfter } from '../support/restart.ts';

async function team() {
  const simulation = await simulate();
  const { hub } = simulation;
  const driver = handDriver();
  hub.register({ id: 'dev', type: 'dev', run: driver.run });
  await simulation.settle();
  return { simulation, hub, driver, ann: hub.operator('ann') };
}

describe('what a person does stands in the log with the name', () => {
  test('commands of every kind', async () => {
    const { simulation, hub, ann } = await team();
    ann.pauseAgent('dev');
    ann.submit({ id: 't1', type: 'x' });
    ann.prioritise('t1', 9);
    ann.cancel('t1');
    ann.orchestrate({ id: 'o1', title: 'Add a login page with tests', orchestrationRequired: true });
    ann.cancelOrchestration('o1');
    ann.pause();
    ann.resume();
    const gate = hub.escalate('go on?');
    await ann.decideGate(gate.id, { decision: 'approve', by: 'ann' });
    await simulation.settle();
    const commands = [
      ...['agent.pause', 'task.submit', 'task.prioritise', 'task.cancel', 'orchestration.request'],
      ...['orchestration.cancel', 'hub.pause', 'hub.resume', 'gate.decide'],
    ];
    const spoken = simulation.records().filter(({ from }) => from === 'client:ann');
    expect(spoken.map(({ type }) => type)).toEqual(commands);
    expect(recordsOf(simulation, 'gate.open')).toMatchObject([{ from: 'client' }]);
    await expectFoldEqual(simulation);
  });

  test('a decision under the name of another is refused, and leaves no record', async () => {
    const { simulation, hub, ann } = await team();
    const gate = hub.escalate('go on?', null, { approvers: ['boss'] });
    await simulation.settle();
    const before = simulation.records();
    expect(await rejection(ann.decideGate(gate.id, { decision: 'approve', by: 'boss' }))).toMatchObject({
      code: 'forbidden',
      path: 'by',
      expected: 'ann',
    });
    expect(simulation.records()).toEqual(before);
    expect(hub.gates()).toHaveLength(1);
    await hub.operator('boss').decideGate(gate.id, { decision: 'approve', by: 'boss' });
    expect(await gate.outcome).toMatchObject({ status: 'approved', by: 'boss' });
    await expectFoldEqual(simulation);
  });

  test('and so is a late result that is accepted under the name of another', async () => {
    const { simulation, hub, driver, ann } = await team();
    const task = hub.submit({ type: 'x' });
    await simulation.settle();
    hub.unregister('dev');
    driver.last.finish('late');
    await simulation.settle();
    const letterSeq = hub.deadLetters()[0]?.letterSeq ?? 0;
    const refused = refusal(() => ann.acceptLateResult(letterSeq, 'boss'));
    expect(refused).toMatchObject({ code: 'forbidden', path: 'by', expected: 'ann' });
    expect(hub.deadLetters()).toHaveLength(1);
    ann.acceptLateResult(letterSeq, 'ann');
    expect(await task.result).toMatchObject({ status: 'completed', result: 'late' });
    await expectFoldEqual(simulation);
  });

  test('a message to an agent comes from that person', async () => {
    const { simulation, hub, ann } = await team();
    expect(await ann.send({ to: 'dev', type: 'note', body: 'hello' })).toMatchObject({ status: 'queued' });
    expect(hub.inbox('dev')).toMatchObject([{ from: 'client:ann', type: 'note', body: 'hello' }]);
    await expectFoldEqual(simulation);
  });

  test.each([['a b'], [''], ['x'.repeat(122)], [7]])('%j is no name', async (name) => {
    const { hub } = await team();
    expect(refusal(() => hub.operator(name as string))).toMatchObject({ code: 'invalid', path: 'name' });
  });

  test('no agent can take the name of a person', async () => {
    const { hub } = await team();
    expect(refusal(() => hub.register({ id: 'client:ann', type: 'x', run: [] }))).toMatchObject({ code: 'invalid' });
  });
});

describe('a task that failed is submitted once more', () => {
  test('as it was, under a new id', async () => {
    const { simulation, hub, driver, ann } = await team();
    const requirements = { agentType: 'dev' };
    hub.submit({ id: 't1', type: 'x', payload: { n: 1 }, metadata: { maxAttempts: 1, priority: 8 }, requirements });
    await simulation.settle();
    driver.last.fail(new Error('no'));
    await simulation.settle();
    const again = ann.resubmit('t1');
    await simulation.settle();
    expect(again.id).not.toBe('t1');
    expect(driver.last.task).toMatchObject({ id: again.id, type: 'x', payload: { n: 1 }, priority: 8 });
    expect(recordsOf(simulation, 'task.submit').at(-1)).toMatchObject({
      from: 'client:ann',
      payload: { maxAttempts: 1 },
    });
    await expectFoldEqual(simulation);
  });

  test('with the priority that it had in the end, also after a restart', async () => {
    const { simulation, hub } = await team();
    hub.submit({ id: 't1', type: 'x', metadata: { priority: 3 }, requirements: { agentType: 'none' } });
    hub.prioritise('t1', 900);
    hub.cancel('t1');
    expect(hub.task('t1')?.priority).toBe(900);
    expect(hub.task(hub.resubmit('t1').id)?.priority).toBe(900);
    await expectFoldEqual(simulation);
    const after = await restartAfter(simulation, 1000);
    expect(after.hub.task('t1')?.priority).toBe(900);
  });

  test('but not one that is done, goes on, is a part of a plan, or was never there', async () => {
    const { simulation, hub, driver } = await team();
    hub.submit({ id: 't1', type: 'x' });
    await simulation.settle();
    expect(refusal(() => hub.resubmit('t1'))).toMatchObject({ code: 'conflict', path: 'taskId' });
    driver.last.finish();
    await simulation.settle();
    expect(refusal(() => hub.resubmit('t1'))).toMatchObject({ code: 'conflict', message: 'task t1 is completed' });
    expect(refusal(() => hub.resubmit('t2'))).toMatchObject({ code: 'unknownTask' });
    hub.orchestrate({ id: 'o1', title: 'Add a login page with tests', orchestrationRequired: true });
    await simulation.settle();
    hub.cancelOrchestration('o1');
    const part = hub.tasks().find(({ id }) => id !== 't1');
    expect(refusal(() => hub.resubmit(part?.id ?? ''))).toMatchObject({ code: 'conflict', path: 'taskId' });
  });
});

describe('a person answers in the place of a specialist (C6)', () => {
  async function asked(withExpert: boolean) {
    const { simulation, hub, driver, ann } = await team();
    if (withExpert) hub.register({ id: 'e1', type: 'expert', run: [], answer: [{ work: '1h' }, { return: 'late' }] });
    hub.submit({ type: 'x' });
    await simulation.settle();
    const outcome = driver.last.context.consult('expert', 'safe?');
    await simulation.settle();
    const [question] = hub.consultations();
    return { simulation, hub, ann, outcome, id: question?.id ?? '' };
  }

  test('of one that has the question, and is called off', async () => {
    const { simulation, hub, ann, outcome, id } = await asked(true);
    expect(hub.agent('e1')?.status).toBe('active');
    await ann.answerConsultation(id, { safe: true });
    expect(await outcome).toEqual({ status: 'answered', by: 'client:ann', answer: { safe: true } });
    expect(hub.agent('e1')?.status).toBe('idle');
    await simulation.run();
    expect(recordsOf(simulation, 'consultation.answer')).toHaveLength(1);
    await expectFoldEqual(simulation);
  });

  test('of one that is not there', async () => {
    const { simulation, hub, outcome, id } = await asked(false);
    expect(hub.consultations()).toMatchObject([{ state: 'requested' }]);
    await hub.answerConsultation(id, 'yes');
    expect(await outcome).toEqual({ status: 'answered', by: 'client', answer: 'yes' });
    await expectFoldEqual(simulation);
  });

  test('not with more than a message may hold: then the question stays where it was', async () => {
    const { simulation, hub, ann, outcome, id } = await asked(false);
    const before = simulation.records().length;
    const answer = 'x'.repeat(maxJsonBytes - 2);
    expect(await rejection(ann.answerConsultation(id, answer))).toMatchObject({ code: 'tooLarge' });
    expect(simulation.records()).toHaveLength(before);
    hub.register({ id: 'e1', type: 'expert', run: [], answer: () => 'yes' });
    await simulation.settle();
    expect(await outcome).toEqual({ status: 'answered', by: 'e1', answer: 'yes' });
    await expectFoldEqual(simulation);
  });

  test('once: what comes later is refused and changes nothing', async () => {
    const { simulation, ann, id } = await asked(false);
    await ann.answerConsultation(id, 'yes');
    const before = simulation.records().length;
    expect(await rejection(ann.answerConsultation(id, 'no'))).toMatchObject({
      code: 'conflict',
      path: 'consultationId',
    });
    expect(await rejection(ann.answerConsultation(id, () => {}))).toMatchObject({ code: 'notJson' });
    expect(simulation.records()).toHaveLength(before);
  });
});
