/** A plan for people: its stages, what it will take, and what is wrong with it. */
import type { Analysis } from '../hub/complexity.ts';
import type { Estimate } from '../hub/estimate.ts';
import type { Finding } from '../hub/plan-rules.ts';
import { rangeText } from '../hub/seed-documents.ts';
import type { Plan, Subtask } from '../machines/plan.ts';
import type { Paint } from './command.ts';
import { printable } from './style.ts';

/** A finding, and where in the file it is. */
export interface PlacedFinding extends Finding {
  readonly line: number;
}

export function analysisLines(title: string, { complexity, level, reasons, master }: Analysis, paint: Paint): string[] {
  const verdict =
    complexity === 'complex'
      ? `${paint('bold', 'complex')} (${level}): it has to be orchestrated`
      : `${paint('bold', 'simple')}: it goes straight to ${master ?? 'nobody'}`;
  return [printable(title), `  ${verdict}`, ...reasons.map(({ text }) => `  - ${printable(text)}`), ''];
}

export function stageLines({ subtasks }: Plan, stages: readonly (readonly string[])[], paint: Paint): string[] {
  const byId = new Map(subtasks.map((subtask) => [subtask.id, subtask]));
  const staged = stages.map((ids) => ids.flatMap((id) => byId.get(id) ?? []));
  const rows = staged.map((stage) => stage.map(cells));
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.flat().map((row) => row[column]?.length ?? 0)));
  return rows.flatMap((stage, index) => {
    const together = stage.length > 1 ? paint('dim', `  ${stage.length} at once`) : '';
    return [
      `${paint('bold', `stage ${index + 1}`)}${together}`,
      ...stage.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()),
    ];
  });
}

const cells = ({ id, owner, workerType, minutes, title }: Subtask): string[] =>
  [id, workerType === null ? owner : `${owner}/${workerType}`, `${rangeText(minutes)} min`, title].map(printable);

export function estimateLines(estimate: Estimate, paint: Paint): string[] {
  const { subtasks, minutes, tokens, masters, parallelism, criticalPath, bottlenecks } = estimate;
  const row = (name: string, text: string) => `  ${paint('dim', name.padEnd(13))} ${printable(text)}`;
  return [
    paint('bold', 'estimate'),
    row('subtasks', `${subtasks}, each with a worker; at most ${parallelism} at once`),
    row('time', `${rangeText(minutes)} minutes`),
    row('tokens', tokens.toLocaleString('en')),
    row('masters', masters.join(', ')),
    row('critical path', `${criticalPath.subtasks.join(' → ')} (${rangeText(criticalPath.minutes)} min)`),
    ...bottlenecks.map((text) => row('bottleneck', text)),
  ];
}

/** Errors and warnings in the order of their lines. */
export function findingLines(
  file: string,
  { errors, warnings }: { errors: readonly PlacedFinding[]; warnings: readonly PlacedFinding[] },
  paint: Paint,
): string[] {
  return [
    ...errors.map((finding) => ({ ...finding, kind: paint('red', 'error') })),
    ...warnings.map((finding) => ({ ...finding, kind: paint('yellow', 'warning') })),
  ]
    .sort((a, b) => a.line - b.line)
    .flatMap(({ kind, line, rule, message, suggestion }) => [
      `${file}:${line}: ${kind}: ${rule}: ${printable(message)}`,
      ...(suggestion === undefined ? [] : [paint('cyan', `    try: ${printable(suggestion)}`)]),
    ]);
}
