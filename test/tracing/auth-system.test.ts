import { readFileSync } from 'node:fs';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import type { HubRecord } from '../../src/machines/messages.ts';
import { readScenario, runScenario } from '../../src/testing.ts';
import { createHubTracer, traceHub } from '../../src/tracing.ts';
import { named, one, recordedTracer, timesOf, treesOf } from './spans.ts';

const scenario = readScenario(
  readFileSync(new URL('../../scenarios/auth-system.yaml', import.meta.url), 'utf8'),
  'auth-system.yaml',
);

async function traced() {
  const { tracer, spans } = recordedTracer();
  const run = await runScenario(scenario, { onStart: ({ hub }) => traceHub(hub, { tracer }) });
  return { run, spans: spans() };
}

const recordAt = (records: readonly HubRecord[], type: string, key: string, id: string): HubRecord => {
  const record = records.find((one) => one.type === type && (one.payload as { [key: string]: unknown })[key] === id);
  if (record === undefined) throw new Error(`no ${type} of ${id}`);
  return record;
};

describe('the authentication system, traced', () => {
  test('is one trace a task, with the consultation and the gate beneath the execution that asked', async () => {
    const { run, spans } = await traced();
    const lifeOf = (type: string, ...inside: string[]) => [
      `task ${type}`,
      `  submit ${type}`,
      `  route ${type}`,
      `  execute ${type}`,
      ...inside.map((line) => `    ${line}`),
    ];

    expect(run.outcome).toBe('passed');
    expect(treesOf(spans)).toEqual([
      ...lifeOf('design'),
      ...lifeOf('implementation', 'consult security', '  answer security'),
      ...lifeOf('implementation'),
      ...lifeOf('test'),
      ...lifeOf('audit', 'gate'),
      ...lifeOf('documentation'),
    ]);
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(6);
  });

  test('O1: spans have the times of the records', async () => {
    const { run, spans } = await traced();
    const { at: submitted } = recordAt(run.records, 'task.submit', 'taskId', 'auth-005-security');
    const { at: started } = recordAt(run.records, 'task.started', 'taskId', 'auth-005-security');
    const { at: ended } = recordAt(run.records, 'task.completed', 'taskId', 'auth-005-security');
    const opened = run.records.find(({ type }) => type === 'gate.open')?.at;
    const decided = run.records.find(({ type }) => type === 'gate.approved')?.at;

    expect(timesOf(one(spans, 'task audit'))).toEqual([submitted, ended]);
    expect(timesOf(one(spans, 'submit audit'))).toEqual([submitted, submitted]);
    expect(timesOf(one(spans, 'execute audit'))).toEqual([started, ended]);
    expect(timesOf(one(spans, 'gate'))).toEqual([opened, decided]);
    expect((decided ?? 0) - (opened ?? 0)).toBe(8 * 60_000);
  });

  test('spans have the attributes of the messaging conventions and those of the hub', async () => {
    const { run, spans } = await traced();
    const submit = recordAt(run.records, 'task.submit', 'taskId', 'auth-005-security');
    const assigned = recordAt(run.records, 'task.assigned', 'taskId', 'auth-005-security');

    expect(one(spans, 'submit audit')).toMatchObject({
      kind: SpanKind.PRODUCER,
      attributes: {
        'messaging.system': 'xstate-hub',
        'messaging.operation.name': 'submit',
        'messaging.operation.type': 'send',
        'messaging.destination.name': 'audit',
        'messaging.message.id': submit.id,
        'messaging.message.conversation_id': submit.correlationId,
        'xstate_hub.record.seq': submit.seq,
        'xstate_hub.task.id': 'auth-005-security',
        'xstate_hub.task.type': 'audit',
      },
    });
    expect(one(spans, 'execute audit')).toMatchObject({
      kind: SpanKind.CONSUMER,
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        'messaging.operation.name': 'execute',
        'messaging.operation.type': 'process',
        'messaging.message.id': assigned.id,
        'messaging.client.id': 'security-1',
        'xstate_hub.agent.id': 'security-1',
        'xstate_hub.attempt': 1,
      },
    });
    expect(one(spans, 'task audit').attributes).toMatchObject({
      'xstate_hub.task.outcome': 'completed',
      'xstate_hub.task.attempts': 1,
    });
    expect(one(spans, 'route audit').attributes).toHaveProperty('xstate_hub.routing.strategy');
    expect(one(spans, 'answer security')).toMatchObject({
      kind: SpanKind.CONSUMER,
      attributes: { 'xstate_hub.agent.id': 'security-2' },
    });
    expect(one(spans, 'consult security').attributes).toMatchObject({
      'xstate_hub.consultation.outcome': 'answered',
      'xstate_hub.agent.id': 'backend-1',
    });
    expect(one(spans, 'gate').attributes).toMatchObject({
      'xstate_hub.gate.outcome': 'approved',
      'xstate_hub.gate.by': 'ann',
    });
  });

  test('an execution links to the submission that it processes', async () => {
    const { spans } = await traced();

    expect(one(spans, 'execute audit').links.map(({ context }) => context.spanId)).toContain(
      one(spans, 'submit audit').spanContext().spanId,
    );
  });

  test('progress and what is said to others are events', async () => {
    const { run, spans } = await traced();
    const backend = named(spans, 'execute implementation').find(
      ({ attributes }) => attributes['xstate_hub.agent.id'] === 'backend-1',
    );
    const progress = run.records.find(({ type }) => type === 'task.progressed');

    expect(backend?.events.map(({ name }) => name)).toEqual(['task.progressed', 'message.send']);
    expect(backend?.events[0]).toMatchObject({
      time: [Math.floor((progress?.at ?? 0) / 1000), expect.anything()],
      attributes: { 'xstate_hub.progress.percent': 50, 'xstate_hub.progress.note': 'the routes are done' },
    });
    expect(backend?.events[1]?.attributes).toMatchObject({
      'xstate_hub.message.to': 'tester-1',
      'xstate_hub.message.type': 'part.ready',
    });
  });

  test('Y1: tracing changes nothing of the run', async () => {
    const { run } = await traced();

    expect(run.log.hash).toBe((await runScenario(scenario)).log.hash);
  });

  test('Y3: what was asked, answered and made is in no span', async () => {
    const { spans } = await traced();
    const told = JSON.stringify(
      spans.map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    );

    for (const secret of ['JWT', 'HttpOnly', 'auth.js', 'rate limit at', 'Release all the same']) {
      expect(told).not.toContain(secret);
    }
  });

  test('a log in a file gives the same spans', async () => {
    const { run, spans } = await traced();
    const fromFile = recordedTracer();
    const hubTracer = createHubTracer({ tracer: fromFile.tracer });
    for (const record of JSON.parse(JSON.stringify(run.records)) as HubRecord[]) hubTracer.record(record);

    expect(treesOf(fromFile.spans())).toEqual(treesOf(spans));
    expect(fromFile.spans().map(timesOf)).toEqual(spans.map(timesOf));
  });
});
