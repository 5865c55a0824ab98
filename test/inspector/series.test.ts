import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Series } from '../../inspector/src/engine/series.ts';
import { openFold } from '../../src/index.ts';
import { readScenario, runScenario } from '../../src/testing.ts';

async function seriesOf(name: string) {
  const text = readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
  const { records } = await runScenario(readScenario(text, name));
  const series = new Series();
  const fold = openFold();
  const depths = records.map((record) => {
    series.take(record, fold.next(record));
    const { tasks, queue } = fold.picture().status;
    return { at: record.at, queued: queue.queued, working: tasks.assigned + tasks.running };
  });
  return { records, series, depths, picture: fold.picture() };
}

test.each(['priorities', 'limits', 'retry', 'drain'])('Sr1: in %s the counts are those of the fold', async (name) => {
  const { series, depths, records } = await seriesOf(name);
  const { from, to, queued, working } = series.columns(40);
  expect([from, to]).toEqual([records[0]?.at, Math.max(records.at(-1)?.at ?? 0, from + 1)]);
  const column = (at: number) => Math.min(39, Math.floor(((at - from) / (to - from)) * 40));
  // Only what stood when a moment was over can be seen: within a moment a task is queued and given out at once.
  const lasting = depths.filter(({ at }, index) => depths[index + 1]?.at !== at);
  for (const depth of lasting) {
    expect(queued[column(depth.at)]).toBeGreaterThanOrEqual(depth.queued);
    expect(working[column(depth.at)]).toBeGreaterThanOrEqual(depth.working);
  }
  expect(Math.max(...queued)).toBe(Math.max(...lasting.map((depth) => depth.queued)));
  expect(Math.max(...working)).toBe(Math.max(...lasting.map((depth) => depth.working)));
});

test('figures at a moment count what had ended by then', async () => {
  const { series, records, picture } = await seriesOf('auth-system');
  const { seq, at } = records.at(-1) ?? { seq: 0, at: 0 };
  const { counters } = picture.status.projectState;
  const end = series.figuresAt(seq, at);
  expect(end).toMatchObject({ completed: counters.completed, failed: counters.failed, successRate: 1 });
  const durations = picture.tasks.map((task) => (task.finishedAt ?? 0) - task.submittedAt).sort((a, b) => a - b);
  expect(end.p50).toBe(durations[Math.ceil(durations.length / 2) - 1]);
  expect(end.p99).toBe(durations.at(-1));
  expect(end.lastP50).toBe(end.p50);
  expect(end).toMatchObject({ deadLetters: 0, paceMs: 3_600_000 });
  const first = records.find(({ type }) => type === 'task.completed')?.seq ?? 0;
  expect(series.figuresAt(first - 1, at)).toMatchObject({ completed: 0, p50: null, successRate: null });
  expect(series.figuresAt(first, at)).toMatchObject({ completed: 1 });
});

test('columns hold each ending once', async () => {
  const { series, picture } = await seriesOf('three-failures');
  const columns = series.columns(7);
  const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  const { completed, failed, cancelled } = picture.status.projectState.counters;
  expect([sum(columns.completed), sum(columns.failed), sum(columns.cancelled)]).toEqual([completed, failed, cancelled]);
});
