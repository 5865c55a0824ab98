/**
 * What became of a complex task, in one piece: what was asked, how it went, who did what.
 */
import { formatDuration } from '../actors/duration.ts';
import type { Json } from '../machines/json.ts';
import {
  type ConsultationNote,
  type GateNote,
  type NodeStatus,
  type OrchestrationEntry,
  type PlanNode,
  statusOf,
} from './orchestration-state.ts';

export interface SubtaskReport {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  /** Who did it, or had it last. */
  readonly agentId: string | null;
  readonly status: NodeStatus;
  readonly attempts: number;
  /** Attempts after the first. */
  readonly retries: number;
  readonly zombies: number;
  /** From the first start to the end, in ms. */
  readonly durationMs: number | null;
  readonly estimatedMinutes: { readonly min: number; readonly max: number };
  readonly replaces: string | null;
  readonly failures: readonly string[];
  readonly result: Json;
}

export interface OrchestrationReport {
  readonly orchestrationId: string;
  readonly title: string;
  readonly description: string;
  /** analysing, planning, running, blocked, paused, completed, failed or cancelled. */
  readonly status: string;
  readonly reason: string | null;
  readonly complexity: string | null;
  readonly reasons: readonly string[];
  /** In ms since the epoch. */
  readonly requestedAt: number;
  readonly finishedAt: number | null;
  readonly estimate: Json;
  readonly warnings: readonly string[];
  readonly stages: readonly {
    readonly stage: number;
    readonly subtasks: readonly string[];
    readonly startedAt: number;
    readonly finishedAt: number | null;
  }[];
  readonly subtasks: readonly SubtaskReport[];
  readonly retries: number;
  readonly zombies: number;
  readonly consultations: readonly Readonly<ConsultationNote>[];
  readonly gates: readonly Readonly<GateNote>[];
}

export function reportOf(entry: OrchestrationEntry): OrchestrationReport {
  const nodes = [...entry.nodes.values()];
  const { request, orchestrationId } = entry.spec;
  const byStage = new Map<number, string[]>();
  for (const { stage, subtask } of nodes) {
    const ids = byStage.get(stage);
    if (ids === undefined) byStage.set(stage, [subtask.id]);
    else ids.push(subtask.id);
  }
  return {
    orchestrationId,
    title: request.title,
    description: request.description,
    status: statusOf(entry),
    reason: entry.reason,
    complexity: entry.analysis?.level ?? null,
    reasons: entry.analysis?.reasons.map(({ text }) => text) ?? [],
    requestedAt: entry.requestedAt,
    finishedAt: entry.finishedAt,
    estimate: entry.estimate,
    warnings: entry.warnings.map(({ message }) => message),
    stages: entry.stages.map(({ stage, startedAt, finishedAt }) => ({
      stage,
      subtasks: byStage.get(stage) ?? [],
      startedAt,
      finishedAt,
    })),
    subtasks: nodes.map(reportSubtask),
    retries: sum(nodes, retriesOf),
    zombies: sum(nodes, ({ zombies }) => zombies),
    consultations: entry.consultations.map((note) => ({ ...note })),
    gates: entry.gates.map((note) => ({ ...note })),
  };
}

const reportSubtask = (node: PlanNode): SubtaskReport => ({
  id: node.subtask.id,
  title: node.subtask.title,
  owner: node.subtask.owner,
  agentId: node.agentId,
  status: node.status,
  attempts: node.attempts,
  retries: retriesOf(node),
  zombies: node.zombies,
  durationMs: node.startedAt === null || node.finishedAt === null ? null : node.finishedAt - node.startedAt,
  estimatedMinutes: node.subtask.minutes,
  replaces: node.replaces,
  failures: [...node.failures],
  result: node.result,
});

const retriesOf = ({ attempts }: PlanNode): number => Math.max(0, attempts - 1);

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);

/** The report as Markdown, for people. */
export function reportMarkdown(report: OrchestrationReport): string {
  const { title, description, status, reason, requestedAt, finishedAt } = report;
  const took = finishedAt === null ? 'not finished' : formatDuration(finishedAt - requestedAt);
  const lines = [
    `# ${oneLine(title)}`,
    '',
    ...(description === '' ? [] : [oneLine(description), '']),
    `**${status}**${reason === null ? '' : `: ${oneLine(reason)}`} · ${took}${estimated(report)}`,
    '',
    ...(report.reasons.length === 0
      ? []
      : ['## Analysis', '', ...report.reasons.map((text) => `- ${oneLine(text)}`), '']),
    '## Stages',
    '',
    ...report.stages.map(
      ({ stage, subtasks, startedAt, finishedAt: end }) =>
        `${stage}. ${subtasks.join(', ')} (${end === null ? 'not finished' : formatDuration(end - startedAt)})`,
    ),
    '',
    '## Subtasks',
    '',
    '| subtask | owner | agent | status | took | estimate | attempts |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...report.subtasks.map(subtaskRow),
    '',
    ...section('Warnings', report.warnings),
    ...section(
      'Failures',
      report.subtasks.flatMap(({ id, failures }) => failures.map((failure) => `${id}: ${failure}`)),
    ),
    ...section(
      'Zombies',
      report.subtasks.filter(({ zombies }) => zombies > 0).map(({ id, zombies }) => `${id}: ${times(zombies)}`),
    ),
    ...section(
      'Questions to specialists',
      report.consultations.map(
        ({ subtaskId, specialistType, question, outcome, by }) =>
          `${subtaskId} asked ${specialistType}: ${question} (${verdict(outcome, by, null)})`,
      ),
    ),
    ...section(
      'Decisions by people',
      report.gates.map(
        ({ subtaskId, reason: about, outcome, by, choice }) =>
          `${subtaskId ?? 'the whole'}: ${about} (${verdict(outcome, by, choice)})`,
      ),
    ),
    ...section(
      'Results',
      report.subtasks
        .filter(({ result }) => result !== null)
        .map(({ id, result }) => `${id}: ${code(JSON.stringify(result))}`),
    ),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function subtaskRow({ id, owner, agentId, status, durationMs, estimatedMinutes, attempts }: SubtaskReport): string {
  const took = durationMs === null ? '' : formatDuration(durationMs);
  const { min, max } = estimatedMinutes;
  return `| ${id} | ${owner} | ${agentId ?? ''} | ${status} | ${took} | ${min === max ? min : `${min}–${max}`} min | ${attempts} |`;
}

function estimated({ estimate }: OrchestrationReport): string {
  const { minutes } = (estimate ?? {}) as { readonly minutes?: { readonly min: number; readonly max: number } };
  return minutes === undefined ? '' : ` (estimated ${minutes.min}–${minutes.max} minutes)`;
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** `approved by ann: retry`. */
function verdict(outcome: string | null, by: string | null, choice: string | null): string {
  if (outcome === null) return 'open';
  return `${outcome}${by === null ? '' : ` by ${by}`}${choice === null ? '' : `: ${choice}`}`;
}

/** Longest result that is shown, in characters; the report as JSON has all of it. */
const mostShown = 1000;

/** As code, whatever is in it. */
function code(text: string): string {
  const shown = text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
  return shown.includes('`') ? `\`\`\` ${shown} \`\`\`` : `\`${shown}\``;
}

const section = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`## ${title}`, '', ...items.map((item) => `- ${oneLine(item)}`), ''];

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
