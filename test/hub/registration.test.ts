import { describe, expect, test } from 'vitest';
import { byHand } from '../../src/index.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';

test('an agent is registered with its profile, idle, and has a record', async () => {
  const simulation = await simulate();
  const view = simulation.hub.register({
    id: 'backend-1',
    type: 'backend',
    capabilities: ['api', 'sql'],
    languages: ['typescript'],
    run: [],
  });
  expect(view).toMatchObject({
    id: 'backend-1',
    type: 'backend',
    capabilities: ['api', 'sql'],
    languages: ['typescript'],
    status: 'idle',
    state: 'idle',
    currentTask: null,
    inbox: 0,
  });
  await expectFoldEqual(simulation);
  expect(recordsOf(simulation, 'agent.register')).toMatchObject([
    { from: 'client', payload: { agentId: 'backend-1' } },
  ]);
});

describe('what is refused changes nothing', () => {
  test.each<[string, Record<string, unknown>, string, string]>([
    ['an id that is none', { id: '../x' }, 'invalid', 'id'],
    ['no id', { id: undefined }, 'invalid', 'id'],
    ['an id of the hub', { id: 'hub' }, 'invalid', 'id'],
    ['an id of the clock', { id: 'clock' }, 'invalid', 'id'],
    ['an id of the client', { id: 'client' }, 'invalid', 'id'],
    ['no type', { type: undefined }, 'invalid', 'type'],
    ['no driver', { run: undefined }, 'invalid', 'run'],
    ['a driver that is text', { run: 'do it' }, 'invalid', 'run'],
    ['a script with an unknown step', { run: [{ dance: true }] }, 'invalid', 'script.0.dance'],
    ['a script with a bad duration', { run: [{ work: 'soon' }] }, 'invalid', 'script.0.work'],
    ['an answer that is no driver', { answer: 5 }, 'invalid', 'answer'],
    ['capabilities that are no list', { capabilities: 'api' }, 'invalid', 'capabilities'],
    ['no room for a task', { concurrency: 0 }, 'invalid', 'concurrency'],
    ['an unknown key', { isAdmin: true }, 'invalid', 'isAdmin'],
    ['a profile that is not JSON', { capabilities: [() => {}] }, 'notJson', 'capabilities.0'],
    ['an id that is taken', { id: 'taken' }, 'duplicate', 'id'],
  ])('%s', async (_what, change, code, path) => {
    const simulation = await simulate();
    simulation.hub.register({ id: 'taken', type: 'qa', run: [] });
    await simulation.settle();
    const before = simulation.records().length;
    const error = refusal(() => simulation.hub.register({ id: 'a', type: 'qa', run: [], ...change } as never));
    expect(error).toMatchObject({ code, path });
    await expectFoldEqual(simulation);
    expect(simulation.records()).toHaveLength(before);
    expect(simulation.hub.agents().map(({ id }) => id)).toEqual(['taken']);
  });

  test.each([null, undefined, 'agent', 5])('a definition that is %j', async (definition) => {
    const { hub } = await simulate();
    expect(refusal(() => hub.register(definition as never)).code).toBe('invalid');
  });

  test('a type that is not on the closed list, for agents, tasks and questions', async () => {
    const simulation = await simulate({ agentTypes: ['backend', 'qa'] });
    const { hub } = simulation;
    const unknown = refusal(() => hub.register({ id: 'x', type: 'backnd', run: [] }));
    expect(unknown).toMatchObject({ code: 'unknownAgentType', expected: 'backend, qa' });
    hub.register({
      id: 'qa-1',
      type: 'qa',
      run: async (_task, context) => context.consult('sekurity', 'Is it safe?').catch((error) => error.code),
    });
    const submit = () => hub.submit({ type: 'x', requirements: { agentType: 'backnd' } });
    expect(refusal(submit).code).toBe('unknownAgentType');
    const task = hub.submit({ type: 'x', requirements: { agentType: 'qa' } });
    await simulation.run();
    expect(await task.result).toMatchObject({ status: 'completed', result: 'unknownAgentType' });
    expect(hub.tasks()).toHaveLength(1);
    await expectFoldEqual(simulation);
  });
});

test('agents are found by id, type, capability and status', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'b1', type: 'backend', capabilities: ['api'], run: [{ work: '1h' }] });
  hub.register({ id: 'b2', type: 'backend', capabilities: ['api', 'sql'], run: [] });
  hub.register({ id: 'q1', type: 'qa', capabilities: ['sql'], run: [] });
  hub.pauseAgent('b2');
  hub.submit({ type: 'x', requirements: { agentType: 'backend' } });
  await simulation.settle();

  const ids = (filter?: Parameters<typeof hub.agents>[0]) => hub.agents(filter).map(({ id }) => id);
  expect(ids()).toEqual(['b1', 'b2', 'q1']);
  expect(ids({ type: 'backend' })).toEqual(['b1', 'b2']);
  expect(ids({ capability: 'sql' })).toEqual(['b2', 'q1']);
  expect(ids({ type: 'backend', capability: 'sql' })).toEqual(['b2']);
  expect(ids({ status: 'active' })).toEqual(['b1']);
  expect(ids({ status: 'paused' })).toEqual(['b2']);
  expect(ids({ status: 'idle' })).toEqual(['q1']);
  expect(ids({ type: 'designer' })).toEqual([]);
  expect(hub.agent('b1')).toMatchObject({ status: 'active', state: 'active.working' });
  expect(hub.agent('b1')?.currentTask).toBe(hub.tasks()[0]?.id);
  expect(hub.agent('nobody')).toBeUndefined();
  await expectFoldEqual(simulation);
});

test('commands to an agent that nobody knows are refused', async () => {
  const { hub } = await simulate();
  for (const command of [
    () => hub.unregister('nobody'),
    () => hub.pauseAgent('nobody'),
    () => hub.resumeAgent('nobody'),
    () => hub.as('nobody'),
    () => hub.inbox('nobody'),
    () => hub.escalate('help', null, { agentId: 'nobody' }),
  ]) {
    expect(refusal(command).code).toBe('unknownAgent');
  }
});

test('an agent that was lost may come back as another, and is found as that', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'backend', run: [{ crash: true }] });
  hub.submit({ type: 'x', requirements: { agentType: 'backend' } });
  await simulation.run();
  expect(hub.agent('a')?.state).toBe('unreachable');

  hub.register({ id: 'a', type: 'qa', capabilities: ['ui'], run: [{ return: 'tested' }] });
  expect(hub.agents({ type: 'backend' })).toEqual([]);
  expect(hub.agents({ type: 'qa' })).toMatchObject([{ id: 'a', capabilities: ['ui'], status: 'idle' }]);
  const task = hub.submit({ type: 'y', requirements: { agentType: 'qa' } });
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'completed', result: 'tested' });

  hub.unregister('a');
  expect(hub.agents({ type: 'backend' })).toEqual([]);
  expect(hub.agents()).toEqual([]);
  await expectFoldEqual(simulation);
});

test('an agent without `run` only answers questions: it gets no task, and whoever looks is told why', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'lawyer', type: 'lawyer', answer: [{ return: 'yes' }] });
  const waiting = hub.submit({ id: 'essay', type: 'essay' });
  await simulation.run();
  expect(waiting.actor?.getSnapshot().value).toBe('queued');
  expect(hub.explainRouting('essay').agents).toEqual([
    { agentId: 'lawyer', isCapable: false, isFree: true, why: 'only answers questions' },
  ]);
  hub.register({ id: 'writer', type: 'writer', run: [{ consult: { type: 'lawyer', question: 'may I?' } }] });
  await simulation.run();
  expect(await waiting.result).toMatchObject({ status: 'completed', agentId: 'writer' });
  await expectFoldEqual(simulation);
});

test('a task that is assigned by hand to an agent that only answers fails at once', async () => {
  const simulation = await simulate({ router: byHand });
  simulation.hub.register({ id: 'lawyer', type: 'lawyer', answer: [{ return: 'yes' }] });
  const task = simulation.hub.submit({ id: 'essay', type: 'essay' });
  simulation.hub.assign('essay', 'lawyer');
  await simulation.run();
  expect(await task.result).toMatchObject({
    status: 'failed',
    attempts: 1,
    error: { message: 'it only answers questions' },
  });
});
