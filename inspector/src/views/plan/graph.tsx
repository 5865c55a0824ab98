import { useEffect, useMemo, useRef, useState } from 'react';
import type { OrchestrationReport } from 'xstate-hub';
import { card, headHeight, layOutPlan, softLine } from '../../layout/plan-layout.ts';
import { useWorkbench } from '../../model/hooks.ts';
import type { PlanShape, Plans } from '../../model/plans.ts';
import type { Run } from '../../model/run.ts';
import { Mark } from '../../ui/mark.tsx';
import { length } from '../../ui/time.ts';
import { watchScroll } from '../../ui/watch-scroll.ts';
import { MoreStages } from './more-stages.tsx';
import { isSettled, minutes, type SubtaskReport, standing } from './status.ts';

export interface PlanProps {
  readonly run: Run;
  readonly plans: Plans;
  readonly shape: PlanShape;
  readonly report: OrchestrationReport;
}

/** How far outside of what is in sight cards are drawn, in px. */
const margin = 300;

/** The plan, drawn: stages from left to right, what waits for what, and how far each subtask is. */
export function Graph({ run, plans, shape, report }: PlanProps) {
  const layout = useMemo(
    () =>
      layOutPlan(
        [...shape.nodes.values()].map(({ subtask: { id }, stage, dependencies, isReplaced }) => ({
          id,
          stage,
          dependencies: isReplaced ? [] : dependencies,
        })),
      ),
    [shape],
  );
  const critical = useMemo(() => criticalOf(shape), [shape]);
  const frame = useRef<HTMLDivElement>(null);
  const sight = useSight(frame);
  const reports = new Map(report.subtasks.map((one) => [one.id, one]));
  const running = report.subtasks.find(({ status }) => status === 'running' || status === 'blocked')?.id;
  useEffect(() => {
    const element = frame.current;
    const at = running === undefined ? undefined : layout.cards.get(running);
    if (element === null || at === undefined) return;
    const isOut = at.x < element.scrollLeft || at.x + card.width > element.scrollLeft + element.clientWidth;
    if (isOut) element.scrollLeft = at.x - (element.clientWidth - card.width) / 2;
  }, [running, layout]);
  const isInSight = (x: number, y: number, width: number, height: number) =>
    x + width > sight.left - margin &&
    x < sight.left + sight.width + margin &&
    y + height > sight.top - margin &&
    y < sight.top + sight.height + margin;
  return (
    <div className="plan-place">
      <MoreStages frame={frame} stages={layout.stages} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <div ref={frame} className="plan-frame" tabIndex={0} role="group" aria-label="Plan by stages">
        <div className="plan-graph" style={{ width: layout.width, height: layout.height }}>
          {layout.stages.map(({ stage, x, width }) => (
            <StageHead
              key={stage}
              {...{ stage, x, width }}
              report={report}
              subtasks={[...shape.nodes.values()]
                .filter((node) => node.stage === stage && !node.isReplaced)
                .flatMap(({ subtask: { id } }) => reports.get(id) ?? [])}
            />
          ))}
          <svg width={layout.width} height={layout.height} aria-hidden="true">
            {layout.lines
              .filter(({ points }) => {
                const [from, to] = [points[0], points.at(-1)];
                if (from === undefined || to === undefined) return false;
                const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
                return isInSight(from.x, top, to.x - from.x, bottom - top);
              })
              .map(({ from, to, points }) => {
                const settled = reports.get(from);
                const isMet = settled !== undefined && isSettled(settled);
                const isCritical = critical.edges.has(`${from}→${to}`);
                const end = points.at(-1) ?? { x: 0, y: 0 };
                return (
                  <g
                    key={`${from}→${to}`}
                    data-edge={`${from}→${to}`}
                    className={`plan-line${isMet ? ' met' : ''}${isCritical ? ' critical' : ''}`}
                  >
                    <path d={softLine(points)} />
                    <path className="head" d="M0 0L-7 -3.5V3.5Z" transform={`translate(${end.x} ${end.y})`} />
                  </g>
                );
              })}
          </svg>
          <ul aria-label="Subtasks">
            {[...shape.nodes.values()].map(({ subtask: { id, title }, isReplaced, replaces }) => {
              const at = layout.cards.get(id);
              const one = reports.get(id);
              if (at === undefined || one === undefined || !isInSight(at.x, at.y, card.width, card.height)) return null;
              return (
                <li key={id} style={{ transform: `translate(${at.x}px, ${at.y}px)`, ...card }}>
                  <Card
                    run={run}
                    whole={report}
                    report={one}
                    taskId={plans.taskOf(report.orchestrationId, id, run.position)}
                    isCritical={critical.ids.has(id) && !isReplaced}
                    name={restOf(title, replaces === null ? undefined : shape.nodes.get(replaces)?.subtask.title)}
                  />
                </li>
              );
            })}
          </ul>
        </div>
      </div>
    </div>
  );
}

const restOf = (title: string, whole: string | undefined): string =>
  whole !== undefined && title.startsWith(`${whole}: `) ? `… ${title.slice(whole.length + 2)}` : title;

interface CardProps {
  readonly run: Run;
  readonly whole: OrchestrationReport;
  readonly report: SubtaskReport;
  readonly taskId: string | null;
  readonly isCritical: boolean;
  /** The title; where it begins like that of what it replaces, only the rest. */
  readonly name: string;
}

function Card({ run, whole, report, taskId, isCritical, name }: CardProps) {
  const workbench = useWorkbench();
  const { id, title, owner, agentId, durationMs, estimatedMinutes, attempts, zombies, status } = report;
  const { tone, words } = standing(run, whole, report, taskId);
  const agent = agentId ?? (taskId === null ? null : run.facts.agentOf(taskId, run.position));
  const isSelected = taskId !== null && workbench.selection === `task:${taskId}`;
  return (
    <button
      type="button"
      data-subtask={id}
      data-status={status}
      className={`plan-card tone-${tone}${isCritical ? ' critical' : ''}${isSelected ? ' current' : ''}`}
      aria-pressed={isSelected}
      aria-disabled={taskId === null}
      title={taskId === null ? `${title}: has not begun` : title}
      onClick={() => taskId !== null && workbench.select(`task:${taskId}`)}
    >
      <span className="card-title">{name}</span>
      <span className="truncate soft card-who">
        {owner}
        {agent !== null && ` · ${agent}`}
      </span>
      <span className="card-state">
        <Mark tone={tone} />
        <span className="truncate">{words}</span>
        {attempts > 1 && <span className="soft">×{attempts}</span>}
        {zombies > 0 && <span className="soft">zombie</span>}
        <span className="soft took">
          {durationMs === null ? `est. ${minutes(estimatedMinutes)}` : length(durationMs)}
        </span>
      </span>
      {isCritical && <span className="only-read">on the longest chain</span>}
    </button>
  );
}

interface StageProps {
  readonly stage: number;
  readonly x: number;
  readonly width: number;
  readonly report: OrchestrationReport;
  readonly subtasks: readonly SubtaskReport[];
}

function StageHead({ stage, x, width, report: { stages }, subtasks }: StageProps) {
  const done = subtasks.filter(isSettled).length;
  const times = stages.find((one) => one.stage === stage);
  const took = times === undefined || times.finishedAt === null ? '' : length(times.finishedAt - times.startedAt);
  return (
    <div
      className={`stage-head${times === undefined ? '' : ' begun'}`}
      style={{ transform: `translateX(${x}px)`, width, height: headHeight - 14 }}
    >
      <strong>Stage {stage}</strong>
      <span className="soft">
        {done} of {subtasks.length}
        {took !== '' && ` · ${took}`}
      </span>
      <span className="stage-bar" aria-hidden="true">
        <span style={{ width: `${(100 * done) / Math.max(1, subtasks.length)}%` }} />
      </span>
    </div>
  );
}

/** The longest chain of the plan; a subtask that was replaced is stood in for by those that replaced it. */
export function criticalOf({ nodes, estimate }: PlanShape) {
  const chain = estimate?.criticalPath.subtasks ?? [];
  const standIns = (id: string): string[] =>
    nodes.get(id)?.isReplaced === true
      ? [...nodes.values()].filter(({ replaces }) => replaces === id).flatMap(({ subtask }) => standIns(subtask.id))
      : [id];
  const ids = new Set(chain.flatMap(standIns));
  const edges = new Set<string>();
  for (const id of ids) {
    for (const dependency of nodes.get(id)?.dependencies ?? [])
      if (ids.has(dependency)) edges.add(`${dependency}→${id}`);
  }
  return { ids, edges };
}

interface Sight {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What of it is in sight, roughly: it changes only when one has scrolled a good way. */
function useSight(frame: React.RefObject<HTMLDivElement | null>): Sight {
  const [sight, setSight] = useState<Sight>({ left: 0, top: 0, width: 2000, height: 1200 });
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const step = margin / 2;
    const look = () => {
      const next = {
        left: Math.round(element.scrollLeft / step) * step,
        top: Math.round(element.scrollTop / step) * step,
        width: element.clientWidth,
        height: element.clientHeight,
      };
      setSight((known) => (JSON.stringify(known) === JSON.stringify(next) ? known : next));
    };
    return watchScroll(element, look);
  }, [frame]);
  return sight;
}
