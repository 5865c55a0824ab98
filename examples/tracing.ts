import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createHub } from 'xstate-hub';
import { traceHub } from 'xstate-hub/tracing';

const exporter = new InMemorySpanExporter(); // In your app: the exporter of your collector.
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

const hub = await createHub({ project: 'my-project' });
traceHub(hub, { tracer: provider.getTracer('xstate-hub') });

hub.register({
  id: 'security-1',
  type: 'security-expert',
  run: async () => 'audited',
  answer: async () => 'Yes, with short-lived tokens.',
});
hub.register({
  id: 'backend-1',
  type: 'backend-developer',
  async run(_task, context) {
    context.progress(50, 'the routes are drafted');
    await context.consult('security-expert', 'Are JWT tokens secure here?');
    await context.escalate('Deploy to production?').outcome;
  },
});
hub.on('gate.open', ({ payload }) => hub.decideGate(payload.gateId, { decision: 'approve', by: 'ann' }));

await hub.submit({ type: 'implement_api', requirements: { agentType: 'backend-developer' } }).result;
await hub.drain();

const spans = exporter.getFinishedSpans();
print(undefined, '');

/** Each span under its parent. */
function print(parentId: string | undefined, indent: string): void {
  for (const span of spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === parentId)) {
    const events = span.events.map(({ name }) => name);
    console.log(`${indent}${span.name}${events.length > 0 ? ` (${events.join(', ')})` : ''}`);
    print(span.spanContext().spanId, `${indent}  `);
  }
}
