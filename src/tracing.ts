/** xstate-hub/tracing: OpenTelemetry spans, from the log. Needs the package `@opentelemetry/api`. */

export { createHubTracer, type HubTracer, type TracingOptions, traceHub } from './tracing/hub-tracer.ts';
