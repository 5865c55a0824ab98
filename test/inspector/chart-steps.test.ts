import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { charts } from '../../inspector/src/engine/charts.ts';
import { statesOf } from '../../inspector/src/model/actor-tree.ts';
import { ChartSteps } from '../../inspector/src/model/chart-steps.ts';
import { wordsOf } from '../../inspector/src/model/tone.ts';
import { recordedRun, recordsOf, scenarioText } from './support/recorded-run.ts';

const scenarios = readdirSync(new URL('../../scenarios/', import.meta.url)).map((file) => file.replace('.yaml', ''));
const chartOf = (id: string) => {
  const chart = charts.find((one) => one.id === id);
  if (chart === undefined) throw new Error(`no chart is called ${id}`);
  return chart;
};
const targets = (id: string, before: string, event: string, after: string) =>
  new ChartSteps(chartOf(id))
    .between(before, event, after)
    .map(({ from, transition }) => [from, transition.targets[0]]);

describe('the steps between two states', () => {
  it.each(scenarios)('Cs1: are found for every event of %s, and lead there', async (name) => {
    const run = recordedRun(await recordsOf(scenarioText(name)));
    for (const { kind, stays, id } of run.actors.values()) {
      const steps = new ChartSteps(chartOf(kind));
      for (const [index, { event, state }] of stays.entries()) {
        if (index === 0) continue;
        const before = stays[index - 1]?.state;
        const found = steps.between(before, event, state);
        if (before !== state) expect(found, `${id}: ${before} by ${event} to ${state}`).not.toEqual([]);
      }
    }
  });

  it('go through what needs no event', () => {
    expect(targets('agent', 'active.waiting', 'consultation.closed', 'active.working')).toEqual([
      ['active.waiting', 'settling'],
      ['settling', 'active.working'],
    ]);
    expect(targets('task', 'running.awaitingHuman', 'gate.closed', 'running.consulting')).toEqual([
      ['running.awaitingHuman', 'running.resuming'],
      ['running.resuming', 'running.consulting'],
    ]);
  });

  it('leave from an outer state, and into where an inner one begins', () => {
    expect(targets('task', 'running.consulting', 'task.cancelled', 'cancelled')).toEqual([['running', 'cancelled']]);
    expect(targets('task', 'assigned', 'task.started', 'running.working')).toEqual([['assigned', 'running']]);
    expect(targets('agent', 'active.waiting', 'agent.unregistered', 'stopped')).toEqual([['', 'stopped']]);
  });

  it('are of the branch that was taken, also when nothing was left', () => {
    expect(targets('task', 'running.consulting', 'consultation.closed', 'running.working')).toEqual([
      ['running.consulting', 'running.working'],
    ]);
    expect(targets('task', 'running.consulting', 'consultation.closed', 'running.consulting')).toEqual([
      ['running.consulting', undefined],
    ]);
  });
});

it.each(Object.entries(statesOf))('a %s can be looked for by each state in which it can stay', (kind, states) => {
  const chart = chartOf(kind);
  const isPassing = (path: string) =>
    chart.states.find((one) => one.path === path)?.transitions.some(({ event }) => event === null) === true;
  const leaves = chart.states.filter(({ type, path }) => type !== 'compound' && !isPassing(path));
  // Why an agent is paused, its chart does not say; its history does.
  const pauses = kind === 'agent' ? ['awaiting human', 'tripped'] : [];
  expect([...states].sort()).toEqual([...leaves.map(({ path }) => wordsOf(path)), ...pauses].sort());
});
