/** Spans as the SDK's in-memory exporter has them, and the trees that they make. */
import type { Tracer } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

export function recordedTracer(): { readonly tracer: Tracer; spans(): ReadableSpan[] } {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { tracer: provider.getTracer('test'), spans: () => exporter.getFinishedSpans() };
}

/** The spans as names, each under its parent, in the order of their beginnings. */
export function treesOf(spans: readonly ReadableSpan[]): string[] {
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  const lines = (parent: string | undefined, indent: string): string[] =>
    spans
      .filter(({ parentSpanContext }) => {
        const id = parentSpanContext?.spanId;
        return (id !== undefined && ids.has(id) ? id : undefined) === parent;
      })
      .sort((a, b) => seqOf(a) - seqOf(b))
      .flatMap((span) => [`${indent}${span.name}`, ...lines(span.spanContext().spanId, `${indent}  `)]);
  return lines(undefined, '');
}

export const named = (spans: readonly ReadableSpan[], name: string): ReadableSpan[] =>
  spans.filter((span) => span.name === name);

export function one(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const [span, ...others] = named(spans, name);
  if (span === undefined || others.length > 0) throw new Error(`${others.length + (span ? 1 : 0)} spans named ${name}`);
  return span;
}

/** In ms since the epoch. */
export const timesOf = ({ startTime, endTime }: ReadableSpan): [number, number] => [toMs(startTime), toMs(endTime)];

const seqOf = ({ attributes }: ReadableSpan): number => Number(attributes['xstate_hub.record.seq']);
const toMs = ([seconds, nanos]: readonly [number, number]): number => seconds * 1000 + nanos / 1_000_000;
