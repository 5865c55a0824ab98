import { describe, expect, it } from 'vitest';
import { card, layOutPlan, type PlanItem } from '../../inspector/src/layout/plan-layout.ts';
import { Plans } from '../../inspector/src/model/plans.ts';
import { recordedRun, recordsOf, scenarioText } from './support/recorded-run.ts';

const scenarios = [
  'auth-orchestration',
  'diamond-dag',
  'diamond-stages',
  'ten-stages',
  'three-failures',
  'split',
  'zombie',
];

describe('plans', () => {
  it.each(scenarios)('P1: have at every moment of %s the subtasks and stages that the fold has', async (name) => {
    let plans: Plans | undefined;
    let compared = 0;
    recordedRun(await recordsOf(scenarioText(name)), ({ seq, picture }, run) => {
      plans ??= new Plans(run);
      for (const { orchestrationId, subtasks, stages } of picture.orchestrations) {
        const shape = plans.at(orchestrationId, seq);
        expect([...(shape?.nodes.keys() ?? [])]).toEqual(subtasks.map(({ id }) => id));
        for (const { stage, subtasks: ids } of stages) {
          const own = [...(shape?.nodes.values() ?? [])].filter((node) => node.stage === stage);
          expect(own.map(({ subtask }) => subtask.id)).toEqual(ids);
        }
        for (const { id, status, replaces } of subtasks) {
          expect(shape?.nodes.get(id)).toMatchObject({ replaces, isReplaced: status === 'replaced' });
          const taskId = plans.taskOf(orchestrationId, id, seq);
          if (status === 'running') expect(picture.tasks.some((task) => task.id === taskId)).toBe(true);
          compared++;
        }
      }
    });
    expect(compared).toBeGreaterThan(0);
  });

  it('let who waited for a replaced subtask wait for all that stand in for it', async () => {
    const run = recordedRun(await recordsOf(scenarioText('split')));
    const shape = new Plans(run).at('api', run.head);
    const parts = [...(shape?.nodes.values() ?? [])].filter(({ replaces }) => replaces === 'backend');
    expect(parts.length).toBe(2);
    expect(shape?.nodes.get('tests')?.dependencies ?? []).toEqual(parts.map(({ subtask }) => subtask.id));
    for (const { dependencies } of parts) expect(dependencies).toEqual(['design']);
  });
});

describe('the layout of a plan', () => {
  /** Four stages of five, each of which waits for some of any stage before. */
  const items: PlanItem[] = Array.from({ length: 20 }, (_, index) => ({
    id: `s${index}`,
    stage: 1 + Math.floor(index / 5),
    dependencies: [index - 5, index - 7, index - 13]
      .filter((before) => before >= 0 && Math.floor(before / 5) < Math.floor(index / 5))
      .map((before) => `s${before}`),
  }));

  it('Pl1: puts what is waited for to the left, also within a stage', () => {
    const { cards, stages } = layOutPlan([...items, { id: 'late', stage: 2, dependencies: ['s6'] }]);
    const x = (id: string) => cards.get(id)?.x ?? Number.NaN;
    for (const { id, dependencies } of items) for (const one of dependencies) expect(x(one)).toBeLessThan(x(id));
    expect(x('s6')).toBeLessThan(x('late'));
    expect(x('late')).toBeLessThan(x('s10'));
    expect(stages.map(({ stage }) => stage)).toEqual([1, 2, 3, 4]);
  });

  it('Pl2: no cards overlap, and no line runs through another card', () => {
    const { cards, lines, width, height } = layOutPlan(items);
    const all = [...cards];
    for (const [id, a] of all) {
      expect(a.x + card.width).toBeLessThanOrEqual(width);
      expect(a.y + card.height).toBeLessThanOrEqual(height);
      for (const [other, b] of all) {
        if (id === other) continue;
        expect(Math.abs(a.x - b.x) >= card.width || Math.abs(a.y - b.y) >= card.height).toBe(true);
      }
    }
    for (const { from, to, points } of lines) {
      for (const { x, y } of points) {
        const hit = all.find(
          ([, { x: left, y: top }]) => x >= left && x <= left + card.width && y > top && y < top + card.height,
        );
        if (hit !== undefined) expect([from, to]).toContain(hit[0]);
      }
    }
  });

  it('has room for the largest plan', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      id: `s${index}`,
      stage: 1 + Math.floor(index / 40),
      dependencies: index < 40 ? [] : [`s${index - 40}`, `s${index - 40 - (index % 40 === 0 ? 0 : 1)}`],
    }));
    expect(layOutPlan(many).cards.size).toBe(2_000);
  });
});
