import { describe, expect, test } from 'vitest';
import { createTracker } from '../../src/tracking.ts';
import { Scribe } from './records.ts';

const start = Date.UTC(2026, 0, 1);

interface Family {
  readonly type: string;
  readonly samples: Map<string, number>;
}

/** Reads the text format strictly: a family is HELP, TYPE and its samples, together and once. */
function read(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let current = '';
  let helped = '';
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-z_:][a-z0-9_:]*) (\S.*)$/.exec(line);
    const type = /^# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge|summary)$/.exec(line);
    const sample = /^([a-z_:][a-z0-9_:]*)\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\} (NaN|[0-9.e+-]+)$/.exec(line);
    if (help?.[1] !== undefined) {
      expect(families.has(help[1])).toBe(false);
      helped = help[1];
    } else if (type?.[1] !== undefined) {
      expect(type[1]).toBe(helped);
      current = type[1];
      families.set(current, { type: type[2] ?? '', samples: new Map() });
    } else if (sample) {
      const [, name = '', labels, value] = sample;
      const family = families.get(current) as Family;
      expect(name.replace(family.type === 'summary' ? /_(sum|count)$/ : /$^/, '')).toBe(current);
      expect(family.samples.has(`${name}{${labels}}`)).toBe(false);
      family.samples.set(`${name}{${labels}}`, Number(value));
    } else throw new Error(`not a line of the text format: ${line}`);
  }
  return families;
}

function tracked() {
  const tracker = createTracker();
  const scribe = new Scribe();
  const play = (...args: Parameters<Scribe['task']>) => {
    for (const record of scribe.task(...args)) tracker.record(record);
  };
  for (let index = 0; index < 100; index++) {
    play({ at: start + index * 10, agent: 'ann', runMs: (index + 1) * 100, waitMs: 50, quality: 0.5 });
  }
  play({ at: start, agent: 'bob', outcome: 'failed', runMs: 2000 });
  play({ at: start, agent: 'ann', type: 'audit', runMs: 4000 });
  return { tracker, scribe, play };
}

describe('the text for Prometheus', () => {
  test('is well formed, each family with its HELP and TYPE, counters named _total', () => {
    const families = read(tracked().tracker.toPrometheus());

    for (const [name, { type }] of families) expect(name.endsWith('_total')).toBe(type === 'counter');
    expect([...families.values()].filter(({ type }) => type === 'summary')).toHaveLength(6);
  });

  test('is well formed when nothing has happened', () => {
    for (const { samples } of read(createTracker().toPrometheus()).values()) expect(samples.size).toBe(0);
  });

  test('counts by agent and task type, so that the sum counts nothing twice', () => {
    const samples = read(tracked().tracker.toPrometheus()).get('xstate_hub_tasks_completed_total')?.samples;

    expect(samples?.get('xstate_hub_tasks_completed_total{agent="ann",task_type="build"}')).toBe(100);
    expect(samples?.get('xstate_hub_tasks_completed_total{agent="ann",task_type="audit"}')).toBe(1);
    expect([...(samples?.values() ?? [])].reduce((sum, value) => sum + value, 0)).toBe(101);
  });

  test('gives summaries in seconds', () => {
    const families = read(tracked().tracker.toPrometheus());
    const byAgent = families.get('xstate_hub_agent_execution_seconds')?.samples;
    const name = 'xstate_hub_agent_execution_seconds';

    expect(byAgent?.get(`${name}_count{agent="ann"}`)).toBe(101);
    expect(byAgent?.get(`${name}_sum{agent="ann"}`)).toBeCloseTo(505 + 4);
    expect(byAgent?.get(`${name}{agent="ann",quantile="0.5"}`)).toBeCloseTo(5, 0);
    expect(byAgent?.get(`${name}{agent="ann",quantile="0.99"}`)).toBeCloseTo(9.9, 0);
    const byType = families.get('xstate_hub_task_waiting_seconds')?.samples;
    expect(byType?.get('xstate_hub_task_waiting_seconds{task_type="build",quantile="0.9"}')).toBe(0.05);
    expect(
      families.get('xstate_hub_agent_success_ratio')?.samples.get('xstate_hub_agent_success_ratio{agent="bob"}'),
    ).toBe(0);
    expect(
      families.get('xstate_hub_agent_quality_ratio')?.samples.get('xstate_hub_agent_quality_ratio{agent="ann"}'),
    ).toBe(0.5);
  });

  test('F1: when the window has moved on quantiles are unknown, and the counters stay', () => {
    const { tracker } = tracked();
    const later = read(tracker.toPrometheus({ at: start + 86_400_000 }));
    const samples = later.get('xstate_hub_agent_execution_seconds')?.samples;

    expect(samples?.get('xstate_hub_agent_execution_seconds{agent="ann",quantile="0.5"}')).toBeNaN();
    expect(samples?.get('xstate_hub_agent_execution_seconds_count{agent="ann"}')).toBe(101);
    expect(later.get('xstate_hub_agent_success_ratio')?.samples.size).toBe(0);
    const day = read(tracker.toPrometheus({ at: start + 80_000_000, window: '24h' }));
    expect(
      day
        .get('xstate_hub_agent_execution_seconds')
        ?.samples.get('xstate_hub_agent_execution_seconds{agent="bob",quantile="0.5"}'),
    ).toBe(2);
  });

  test('escapes what could end a label', () => {
    const tracker = createTracker();
    for (const record of new Scribe().task({ at: start, type: 'a"b\\c\nd' as never })) tracker.record(record);
    const samples = read(tracker.toPrometheus()).get('xstate_hub_tasks_submitted_total')?.samples;

    expect([...(samples?.keys() ?? [])]).toEqual([
      'xstate_hub_tasks_submitted_total{agent="",task_type="a\\"b\\\\c\\nd"}',
    ]);
  });
});
