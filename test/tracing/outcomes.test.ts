import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { traceHub } from '../../src/tracing.ts';
import { named, one, recordedTracer, timesOf, treesOf } from './spans.ts';

async function tracing(options: { readonly taskLimit?: number } = {}) {
  const simulation = await simulate();
  const { tracer, spans } = recordedTracer();
  const stop = traceHub(simulation.hub, { tracer, ...options });
  return { ...simulation, simulation, spans, stop };
}

const failure = (type: string, message: string | RegExp) => ({
  status: {
    code: SpanStatusCode.ERROR,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  },
  attributes: { 'error.type': type },
});

describe('a failure', () => {
  test('is the status of the execution and of the task', async () => {
    const { hub, run, spans } = await tracing();
    hub.register({
      id: 'ann',
      type: 'builder',
      run: () => {
        throw new Error('no bricks');
      },
    });
    hub.submit({ type: 'build', metadata: { maxAttempts: 1 } });
    await run();

    expect(one(spans(), 'execute build')).toMatchObject(failure('driver', 'no bricks'));
    expect(one(spans(), 'task build')).toMatchObject(failure('driver', 'no bricks'));
    expect(one(spans(), 'task build').attributes['xstate_hub.task.outcome']).toBe('failed');
    expect(one(spans(), 'submit build').status.code).toBe(SpanStatusCode.UNSET);
  });

  test('of one attempt is on that attempt; the wait for the next is a span that links to it', async () => {
    const { hub, run, spans } = await tracing();
    let calls = 0;
    hub.register({
      id: 'ann',
      type: 'builder',
      async run(_task, context) {
        await context.sleep(1000);
        if (++calls === 1) throw new Error('no bricks');
        return 'a house';
      },
    });
    hub.submit({ type: 'build' });
    await run();
    const [first, second] = named(spans(), 'execute build');
    const retry = one(spans(), 'retry build');

    expect(treesOf(spans())).toEqual([
      'task build',
      '  submit build',
      '  route build',
      '  execute build',
      '  retry build',
      '  route build',
      '  execute build',
    ]);
    expect(first).toMatchObject(failure('driver', 'no bricks'));
    expect(second?.status.code).toBe(SpanStatusCode.UNSET);
    expect(second?.attributes['xstate_hub.attempt']).toBe(2);
    expect(one(spans(), 'task build')).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'xstate_hub.task.outcome': 'completed', 'xstate_hub.task.attempts': 2 },
    });
    expect(retry.links.map(({ context }) => context.spanId)).toEqual([first?.spanContext().spanId]);
    const [begun, over] = timesOf(retry);
    expect(over - begun).toBe(retry.attributes['xstate_hub.retry.delay_ms']);
  });

  test('of an agent that is lost is on its execution, and the task is routed again', async () => {
    const { hub, advance, run, spans } = await tracing();
    hub.register({ id: 'ann', type: 'builder', run: [{ work: 60_000 }] as never });
    hub.submit({ type: 'build' });
    await advance(1000);
    hub.reportLost('ann', 'no sign of life');
    await advance(1000);
    hub.as('ann').heartbeat();
    await run();
    const [first, second] = named(spans(), 'execute build');

    expect(first).toMatchObject(failure('returned', 'no sign of life'));
    expect(second?.attributes['xstate_hub.attempt']).toBe(2);
    expect(named(spans(), 'route build').map((span) => timesOf(span)[1] - timesOf(span)[0])).toEqual([0, 1000]);
  });

  test('of a task in the queue is on the task alone', async () => {
    const { hub, run, spans } = await tracing();
    hub.submit({ type: 'build', metadata: { timeoutMs: 1000 } });
    await run();

    expect(treesOf(spans())).toEqual(['task build', '  submit build', '  route build']);
    expect(one(spans(), 'task build')).toMatchObject(failure('timeout', /not finished within 1s/));
  });

  test('of validation is on the validation, with what is wrong', async () => {
    const { hub, run, spans } = await tracing();
    expect(() => hub.submit({ type: 'build', spec: { id: 'nonsense' } })).toThrow();
    await run();

    expect(treesOf(spans())).toEqual(['task build', '  submit build', '  validate build']);
    expect(one(spans(), 'validate build')).toMatchObject(failure('invalid', /id: expected capital letters/));
    expect(one(spans(), 'task build')).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'xstate_hub.task.outcome': 'cancelled', 'xstate_hub.task.reason': 'the working spec is not valid' },
    });
  });

  test('of a consultation that nobody answers is on it; a rejected gate is a decision, and fails the task', async () => {
    const { hub, simulation, run, spans } = await tracing();
    hub.register({
      id: 'ann',
      type: 'builder',
      async run(_task, context) {
        await context.consult('lawyer', 'May I?', null, { timeoutMs: 500 });
        await context.escalate('Build all the same?').outcome;
      },
    });
    hub.submit({ type: 'build' });
    await simulation.until(() => hub.gates().length === 1);
    await hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'reject', by: 'bob', reason: 'too risky' });
    await run();

    expect(one(spans(), 'consult lawyer')).toMatchObject(failure('expired', 'nobody answered in time'));
    expect(one(spans(), 'gate')).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'xstate_hub.gate.outcome': 'rejected', 'xstate_hub.gate.by': 'bob' },
    });
    expect(one(spans(), 'gate').events.map(({ name }) => name)).toEqual(['gate.decide']);
    expect(one(spans(), 'execute build')).toMatchObject(failure('rejected', 'rejected by bob: too risky'));
  });

  test('of a specialist that is lost is on its answer; the next one answers the same question', async () => {
    const { hub, advance, run, spans } = await tracing();
    hub.register({ id: 'ann', type: 'builder', run: (_, context) => context.consult('lawyer', 'May I?') });
    for (const id of ['cem', 'dea']) {
      hub.register({ id, type: 'lawyer', run: () => null, answer: (_, context) => context.sleep(5000) });
    }
    hub.submit({ type: 'build', requirements: { agentType: 'builder' } });
    await advance(1000);
    hub.reportLost('cem', 'no sign of life');
    await run();
    const [first, second] = named(spans(), 'answer lawyer');

    expect(first).toMatchObject(failure('returned', 'no sign of life'));
    expect(second).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'xstate_hub.agent.id': 'dea' },
    });
    expect(one(spans(), 'consult lawyer').attributes['xstate_hub.consultation.outcome']).toBe('answered');
  });

  test('of nobody deciding is on the gate, after its steps', async () => {
    const { hub, run, spans } = await tracing();
    hub.escalate('Is it?', null, {
      approvers: ['ann'],
      ladder: [
        { afterMs: 1000, action: 'remind' },
        { afterMs: 1000, action: 'handOver', approver: 'bob' },
        { afterMs: 1000, action: 'expire' },
      ],
    });
    await run();

    expect(one(spans(), 'gate')).toMatchObject(failure('expired', 'nobody decided in time'));
    expect(one(spans(), 'gate').events.map(({ name }) => name)).toEqual(['gate.reminded', 'gate.handedOver']);
  });
});

describe('causation', () => {
  test('a nested consultation hangs beneath the answer in which it was asked', async () => {
    const { hub, run, spans } = await tracing();
    hub.register({ id: 'ann', type: 'builder', run: (_, context) => context.consult('architect', 'How high?') });
    hub.register({
      id: 'bea',
      type: 'architect',
      run: () => null,
      answer: (_, context) => context.consult('lawyer', 'How high may it be?'),
    });
    hub.register({ id: 'cem', type: 'lawyer', run: () => null, answer: () => 'nine metres' });
    hub.submit({ type: 'build', requirements: { agentType: 'builder' } });
    await run();

    expect(treesOf(spans()).slice(3)).toEqual([
      '  execute build',
      '    consult architect',
      '      answer architect',
      '        consult lawyer',
      '          answer lawyer',
    ]);
    expect(one(spans(), 'answer lawyer').links.map(({ context }) => context.spanId)).toEqual([
      one(spans(), 'consult lawyer').spanContext().spanId,
    ]);
  });

  test('V3: what nobody’s task asked for is a trace of its own', async () => {
    const { hub, settle, run, spans } = await tracing();
    hub.register({ id: 'ann', type: 'builder', run: () => null });
    hub.register({ id: 'cem', type: 'lawyer', run: () => null, answer: () => 'yes' });
    void hub.as('ann').consult('lawyer', 'May I?');
    await settle();
    await run();

    expect(treesOf(spans())).toEqual(['consult lawyer', '  answer lawyer']);
  });

  test('O2: a task that gets its agent because another one has ended is linked to it', async () => {
    const { hub, run, spans } = await tracing();
    hub.register({ id: 'ann', type: 'builder', run: (_, context) => context.sleep(1000) });
    hub.submit({ type: 'first', id: 'a' });
    hub.submit({ type: 'second', id: 'b' });
    await run();
    const cause = one(spans(), 'task first').spanContext();

    expect(one(spans(), 'route second').links).toMatchObject([
      { context: { traceId: cause.traceId }, attributes: { 'xstate_hub.link': 'cause' } },
    ]);
  });
});
