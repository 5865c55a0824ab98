/**
 * The text format of Prometheus, version 0.0.4.
 *
 * - F1 counters and the sums and counts of summaries never go down while their series is kept; quantiles are those of
 *   the window. Quantiles cannot be added up, so they are given by task type and by agent, each made from its pairs.
 * - F2 base units: seconds, ratios.
 */
import type { Latencies } from './latencies.ts';
import { type EventKind, eventKinds } from './ledger.ts';
import { type Series, type SeriesIndex, tallyOf } from './series.ts';
import { Sum, Tally } from './tally.ts';

type Measure = 'waiting' | 'execution' | 'duration';
type Labels = { readonly [name: string]: string };

const quantiles = [0.5, 0.9, 0.95, 0.99];

const counters: { readonly [K in EventKind]: readonly [name: string, help: string] } = {
  submitted: ['tasks_submitted', 'Tasks that were submitted.'],
  invalid: ['tasks_invalid', 'Tasks that the validator refused.'],
  routed: ['tasks_routed', 'Assignments of a task to an agent.'],
  started: ['tasks_started', 'Executions that began.'],
  completed: ['tasks_completed', 'Tasks that were completed.'],
  failed: ['tasks_failed', 'Tasks that failed.'],
  cancelled: ['tasks_cancelled', 'Tasks that were cancelled.'],
  retried: ['tasks_retried', 'Executions that failed and are tried again.'],
  returned: ['tasks_returned', 'Tasks that an agent did not finish and that went back to the queue.'],
  consulted: ['consultations', 'Questions to specialists.'],
  escalated: ['gates', 'Gates that were opened for a human.'],
  tripped: ['agent_trips', 'Agents that got no more work after failures in a row.'],
};

const measureHelp: { readonly [K in Measure]: string } = {
  waiting: 'From the queue to the start of work.',
  execution: 'From the start of work to its end.',
  duration: 'From submission to the outcome.',
};

export function exposition(index: SeriesIndex, windowName: string, at: number): string {
  const pairs = [...index.pairs()];
  const lines: string[] = [];
  for (const kind of eventKinds) lines.push(...counter(kind, pairs));
  const groups = [
    { scope: 'task', label: 'task_type', groups: groupBy(pairs, ({ taskType }) => taskType) },
    { scope: 'agent', label: 'agent', groups: groupBy(pairs, ({ agentId }) => agentId) },
  ] as const;
  for (const { scope, label, groups: bySubject } of groups) {
    const subjects = [...bySubject].map(([name, members]) => ({
      labels: { [label]: name },
      totals: totalsOf(members),
      window: tallyOf(members, windowName, at),
    }));
    for (const measure of ['waiting', 'execution', 'duration'] as const) {
      lines.push(...summary(`xstate_hub_${scope}_${measure}_seconds`, measure, windowName, subjects));
    }
    lines.push(...ratios(scope, windowName, subjects));
  }
  return `${lines.join('\n')}\n`;
}

interface Subject {
  readonly labels: Labels;
  readonly totals: Tally<Sum>;
  readonly window: Tally<Latencies>;
}

const head = (name: string, type: string, help: string): string[] => [
  `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
  `# TYPE ${name} ${type}`,
];

function counter(kind: EventKind, pairs: readonly Series[]): string[] {
  const [what, help] = counters[kind];
  const name = `xstate_hub_${what}_total`;
  const samples = pairs
    .filter(({ totals }) => totals.counts[kind] > 0)
    .map(({ agentId, taskType, totals }) =>
      sample(name, { agent: agentId ?? '', task_type: taskType ?? '' }, totals.counts[kind]),
    );
  return [...head(name, 'counter', help), ...samples];
}

function summary(name: string, measure: Measure, windowName: string, subjects: readonly Subject[]): string[] {
  const samples = subjects
    .filter(({ totals }) => totals[measure].count > 0)
    .flatMap(({ labels, totals, window }) => [
      ...quantiles.map((quantile) => {
        const value = window[measure].count === 0 ? Number.NaN : window[measure].quantile(quantile) / 1000;
        return sample(name, { ...labels, quantile: String(quantile) }, value);
      }),
      sample(`${name}_sum`, labels, totals[measure].sum / 1000),
      sample(`${name}_count`, labels, totals[measure].count),
    ]);
  return [...head(name, 'summary', `${measureHelp[measure]} Quantiles over ${windowName}.`), ...samples];
}

function ratios(scope: string, windowName: string, subjects: readonly Subject[]): string[] {
  const [success, quality] = [`xstate_hub_${scope}_success_ratio`, `xstate_hub_${scope}_quality_ratio`];
  const lines = head(success, 'gauge', `Completed of those that completed or failed, over ${windowName}.`);
  for (const { labels, window } of subjects) {
    const { completed, failed } = window.counts;
    if (completed + failed > 0) lines.push(sample(success, labels, completed / (completed + failed)));
  }
  lines.push(...head(quality, 'gauge', `Mean quality of what was judged, over ${windowName}.`));
  for (const { labels, window } of subjects) {
    const { sum, count } = window.quality;
    if (count > 0) lines.push(sample(quality, labels, sum / count));
  }
  return lines;
}

function sample(name: string, labels: Labels, value: number): string {
  const inner = Object.entries(labels)
    .map(([label, text]) => `${label}="${escapeLabel(text)}"`)
    .join(',');
  return `${name}{${inner}} ${Number.isNaN(value) ? 'NaN' : value}`;
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function groupBy(pairs: readonly Series[], nameOf: (series: Series) => string | null): Map<string, Series[]> {
  const groups = new Map<string, Series[]>();
  for (const pair of pairs) {
    const name = nameOf(pair);
    if (name === null) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [pair]);
    else group.push(pair);
  }
  return groups;
}

function totalsOf(members: readonly Series[]): Tally<Sum> {
  const total = new Tally(() => new Sum());
  for (const { totals } of members) {
    total.mergeCounts(totals);
    for (const measure of ['waiting', 'execution', 'duration'] as const) {
      total[measure].count += totals[measure].count;
      total[measure].sum += totals[measure].sum;
    }
  }
  return total;
}
