import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { charts } from '../../inspector/src/engine/charts.ts';
import { chartGraph } from '../../inspector/src/layout/chart-graph.ts';
import { type ChartLayout, layOut, type Place } from '../../inspector/src/layout/chart-layout.ts';
import { largeChart } from './support/large-chart.ts';

/** The engine that the page has in a worker. */
const ofPage = createRequire(new URL('../../inspector/package.json', import.meta.url));
const engine = new (ofPage('elkjs/lib/elk.bundled.js') as new () => Parameters<typeof layOut>[2])();
const all = [...charts, largeChart('large')];
const laidOut = (chart: (typeof all)[number]) => layOut(chart, (text) => text.length * 7, engine);
const overlap = (a: Place, b: Place) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const isInside = (a: Place, b: Place) =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;

describe('a chart as boxes and arrows', () => {
  it.each(all)('L1: has every way from a state to another in an arrow ($id)', (chart) => {
    const { arrows } = chartGraph(chart);
    for (const { path, transitions } of [chart.root, ...chart.states]) {
      for (const { targets, event } of transitions) {
        for (const target of targets) {
          const own = arrows.filter(({ from, to }) => to === target && (from === path || from === ''));
          const all = own.flatMap((arrow) => arrow.transitions);
          expect(
            all.some((one) => one.event === event),
            `${path} by ${event} to ${target}`,
          ).toBe(true);
        }
      }
    }
  });

  it('L2, L3: what all do is one arrow, and an event called like its state goes without saying', () => {
    const task = charts.find(({ id }) => id === 'task');
    if (task === undefined) throw new Error('no chart of a task');
    const { arrows } = chartGraph(task);
    expect(arrows.filter(({ to }) => to === 'cancelled')).toEqual([
      expect.objectContaining({
        from: '',
        transitions: [expect.objectContaining({ event: 'task.cancelled' })],
        lines: [],
      }),
    ]);
    expect(arrows.find(({ from, to }) => from === 'queued' && to === 'completed')?.lines).toEqual(['result.accepted']);
  });

  it('L3: says also the event that is called like its state where another one leads there, too', () => {
    const agent = charts.find(({ id }) => id === 'agent');
    if (agent === undefined) throw new Error('no chart of an agent');
    const { arrows } = chartGraph(agent);
    const pausing = arrows.find(({ to }) => to === 'paused');
    expect(pausing?.lines).toEqual(expect.arrayContaining(['paused', 'tripped']));
  });
});

describe('the layout of a chart', () => {
  it.each(all)('puts no box over another but those that are inside it ($id)', async (chart) => {
    const { boxes, width, height }: ChartLayout = await laidOut(chart);
    expect(boxes.map(({ box }) => box.path).sort()).toEqual(chart.states.map(({ path }) => path).sort());
    for (const a of boxes) {
      expect(isInside(a, { x: 0, y: 0, width, height })).toBe(true);
      for (const b of boxes) {
        if (a === b) continue;
        if (b.box.path.startsWith(`${a.box.path}.`))
          expect(isInside(b, a), `${b.box.path} in ${a.box.path}`).toBe(true);
        else if (!a.box.path.startsWith(`${b.box.path}.`)) expect(overlap(a, b)).toBe(false);
      }
    }
  });

  it.each(all)('gives every arrow a way, and no label lies over a state or another label ($id)', async (chart) => {
    const { arrows, boxes } = await laidOut(chart);
    const leaves = boxes.filter(({ box }) => box.children.length === 0);
    const labels = arrows.flatMap(({ label }) => label ?? []);
    for (const { points, arrow } of arrows) expect(points.length, arrow.id).toBeGreaterThanOrEqual(2);
    for (const label of labels) {
      for (const leaf of leaves) expect(overlap(label, leaf), leaf.box.path).toBe(false);
      for (const other of labels) if (other !== label) expect(overlap(label, other)).toBe(false);
    }
  });
});
