import { describe, expect, it } from 'vitest';
import { Gaps } from '../../inspector/src/model/gaps.ts';
import { spansOf, sumsOf } from '../../inspector/src/model/spans.ts';
import { longGaps, TimeScale } from '../../inspector/src/model/time-scale.ts';
import { recordedRun, recordsOf, scenarioText } from './support/recorded-run.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Work for some minutes, two hours of nothing, and work again. */
const lunch = `
name: lunch
description: Nothing happens for two hours.
seed: 1
project: lunch
agents:
  - { id: dev-1, type: developer, script: [{ work: 10m }, { return: ok }] }
tasks:
  - { id: before-1, type: fix }
  - { id: before-2, type: fix }
  - { id: after-1, at: 140m, type: fix }
  - { id: after-2, at: 140m, type: fix }
expect:
  - count: { completed: 4 }
`;

describe('the scale of time', () => {
  const scale = new TimeScale(0, 3 * hour, [{ from: 20 * minute, to: 140 * minute, isIdle: true }]);

  it('Ts3: gives every moment one place, and the moment of every place', () => {
    let last = -1;
    for (let at = 0; at <= 3 * hour; at += 7 * minute) {
      const place = scale.placeOf(at);
      expect(place).toBeGreaterThan(last);
      expect(scale.timeOf(place)).toBeCloseTo(at, 3);
      last = place;
    }
  });

  it('Ts1: runs straight where nothing is folded', () => {
    const way = (from: number, to: number) => scale.placeOf(to) - scale.placeOf(from);
    expect(way(0, 10 * minute)).toBeCloseTo(way(10 * minute, 20 * minute), 6);
    expect(way(0, 10 * minute)).toBeCloseTo(way(150 * minute, 160 * minute), 6);
    expect(way(20 * minute, 140 * minute)).toBeLessThan(0.1 * scale.length);
  });

  it('Ts2: a gap of two hours fits, and work of two hours is not folded', async () => {
    const run = recordedRun(await recordsOf(lunch));
    const folded = longGaps(new Gaps(run).update());
    const start = run.atOf(1) ?? 0;
    expect(folded.map(({ from, to }) => [(from - start) / minute, (to - start) / minute])).toEqual([[20, 140]]);
    const busy = lunch.replaceAll('10m', '2h').replaceAll('140m', '1m');
    expect(longGaps(new Gaps(recordedRun(await recordsOf(busy))).update())).toEqual([]);
  });
});

describe('the spans of an actor', () => {
  it('are at every moment in the state that the fold says', async () => {
    const pictures = new Map<number, { readonly id: string; readonly state: string }[]>();
    const run = recordedRun(await recordsOf(scenarioText('auth-system')), ({ seq, picture }) => {
      pictures.set(
        seq,
        picture.tasks.map(({ id, state }) => ({ id, state })),
      );
    });
    for (const [seq, tasks] of pictures) {
      for (const { id, state } of tasks) {
        const actor = run.actors.get(`task:${id}`);
        if (actor === undefined) throw new Error(`${id} is not there`);
        expect(spansOf(run, actor).findLast((span) => span.seq <= seq)?.state).toBe(state);
      }
    }
  });

  it('add up to the life of a task', async () => {
    const run = recordedRun(await recordsOf(scenarioText('priorities')));
    const actor = run.actors.get('task:normal-2');
    if (actor === undefined) throw new Error('it is not there');
    const spans = spansOf(run, actor);
    expect(sumsOf(spans, run.head, run.atOf(run.head) ?? 0)).toEqual({
      waited: 48 * minute,
      worked: 10 * minute,
      asked: 0,
      human: 0,
      endedAt: (run.atOf(1) ?? 0) + 60 * minute,
    });
    const submitted = run.facts.tasks.get('normal-2')?.submittedSeq ?? 0;
    const sums = sumsOf(spans, submitted + 1, (run.atOf(submitted) ?? 0) + 3 * minute);
    expect(sums).toMatchObject({ waited: 3 * minute, worked: 0, endedAt: null });
  });
});
