import { trace } from '@opentelemetry/api';
import { describe, expect, test, vi } from 'vitest';
import { Listeners } from '../../src/hub/listeners.ts';
import { simulate } from '../../src/testing.ts';
import { createHubTracer, traceHub } from '../../src/tracing.ts';
import { named, one, recordedTracer, timesOf, treesOf } from './spans.ts';

const unfinished = { 'xstate_hub.unfinished': true };

describe('Y2: every span ends', () => {
  test('when the hub stops', async () => {
    const { hub, advance, environment } = await simulate();
    const { tracer, spans } = recordedTracer();
    traceHub(hub, { tracer });
    hub.register({
      id: 'ann',
      type: 'builder',
      run: (_, context) => Promise.all([context.consult('lawyer', 'May I?'), context.sleep(1e9)]),
    });
    hub.register({ id: 'cem', type: 'lawyer', run: () => null, answer: (_, context) => context.sleep(1e9) });
    hub.submit({ type: 'build', requirements: { agentType: 'builder' } });
    hub.submit({ type: 'wait', requirements: { agentType: 'nobody' } });
    hub.escalate('Is it?');
    await advance(5000);
    await hub.stop();

    expect(treesOf(spans())).toEqual([
      'task build',
      '  submit build',
      '  route build',
      '  execute build',
      '    consult lawyer',
      '      answer lawyer',
      'task wait',
      '  submit wait',
      '  route wait',
      'gate',
    ]);
    for (const name of ['task build', 'execute build', 'consult lawyer', 'answer lawyer', 'route wait', 'gate']) {
      expect(one(spans(), name).attributes).toMatchObject(unfinished);
      expect(timesOf(one(spans(), name))[1]).toBe(environment.now());
    }
  });

  test('when tracing does, and nothing is traced from then on', async () => {
    const { hub, settle } = await simulate();
    const { tracer, spans } = recordedTracer();
    const stop = traceHub(hub, { tracer });
    hub.submit({ type: 'build' });
    await settle();
    stop();
    stop();
    hub.submit({ type: 'paint' });
    await settle();

    expect(treesOf(spans())).toEqual(['task build', '  submit build', '  route build']);
    expect(one(spans(), 'task build').attributes).toMatchObject(unfinished);
  });

  test('when too many are open: that of the oldest', async () => {
    const { hub, settle } = await simulate();
    const { tracer, spans } = recordedTracer();
    traceHub(hub, { tracer, taskLimit: 10 });
    for (let index = 0; index < 30; index++) hub.submit({ type: 'build', id: `t${index}` });
    for (let index = 0; index < 12; index++) hub.escalate('Is it?');
    await settle();

    expect(named(spans(), 'task build').map(({ attributes }) => attributes['xstate_hub.task.id'])).toEqual(
      Array.from({ length: 20 }, (_, index) => `t${index}`),
    );
    expect(named(spans(), 'gate')).toHaveLength(2);
  });
});

describe('off', () => {
  test('Y1: nobody listens to a hub that is not traced, or not any more', async () => {
    const add = vi.spyOn(Listeners.prototype, 'add');
    const { hub } = await simulate();
    expect(add).not.toHaveBeenCalled();

    const ended = vi.fn();
    add.mockImplementation(() => ended);
    traceHub(hub, { tracer: recordedTracer().tracer })();
    expect(add).toHaveBeenCalledTimes(1);
    expect(ended).toHaveBeenCalledTimes(1);
    add.mockRestore();
  });

  test('without a provider the spans are nothing, and the run goes on', async () => {
    const { hub, run } = await simulate();
    traceHub(hub);
    hub.register({ id: 'ann', type: 'builder', run: () => 'a house' });
    const { result } = hub.submit({ type: 'build' });
    await run();

    expect(await result).toMatchObject({ status: 'completed' });
    expect(trace.getTracer('xstate-hub').startSpan('x').isRecording()).toBe(false);
  });
});

test('a task that was submitted before anybody looked is traced from its assignment on', async () => {
  const { hub, settle, run } = await simulate();
  const { tracer, spans } = recordedTracer();
  hub.submit({ type: 'build' });
  await settle();
  traceHub(hub, { tracer });
  hub.register({ id: 'ann', type: 'builder', run: () => 'a house' });
  await run();

  expect(treesOf(spans())).toEqual(['task', '  execute']);
  expect(one(spans(), 'task').attributes).toMatchObject({
    'xstate_hub.partial': true,
    'xstate_hub.task.outcome': 'completed',
  });
});

test('what comes of things that were not seen is passed over', async () => {
  const { hub, simulation, run } = await simulate().then((simulation) => ({ ...simulation, simulation }));
  hub.register({
    id: 'ann',
    type: 'builder',
    async run(_, context) {
      context.progress(50);
      await context.consult('lawyer', 'May I?');
      await context.escalate('May I?').outcome;
    },
  });
  hub.register({ id: 'cem', type: 'lawyer', run: () => null, answer: () => 'yes' });
  hub.on('gate.open', ({ payload }) => hub.decideGate(payload.gateId, { decision: 'approve', by: 'bob' }));
  hub.submit({ type: 'build', requirements: { agentType: 'builder' } });
  await run();
  const beginnings = new Set(['task.submit', 'task.assigned', 'consultation.request', 'gate.open']);
  const { tracer, spans } = recordedTracer();
  const hubTracer = createHubTracer({ tracer });
  for (const record of simulation.records()) if (!beginnings.has(record.type)) hubTracer.record(record);
  hubTracer.end();

  expect(spans()).toEqual([]);
});
