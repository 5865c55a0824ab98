import { X } from 'lucide-react';
import type { QueuedTask, QueuePicture } from '../../engine/protocol.ts';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { spansOf } from '../../model/spans.ts';
import { calledIn } from '../../model/talks.ts';
import { toneOf } from '../../model/tone.ts';
import { Mark } from '../../ui/mark.tsx';
import { clock, length } from '../../ui/time.ts';

/** Who is busy stands in the line above. */
const namedTwice = /^(all that can do it are busy):.*$/s;
const names: readonly (readonly [number, string])[] = [
  [10, 'critical'],
  [8, 'high'],
  [5, 'normal'],
  [2, 'low'],
];

export const nameOfPriority = (priority: number): string => names.find(([number]) => number === priority)?.[1] ?? '';

interface Props {
  readonly run: Run;
  readonly queued: QueuedTask;
  /** From 1. */
  readonly place: number;
  /** How many agents are named that could take it. */
  readonly mostNamed: number;
  readonly agingMs: QueuePicture['agingMs'];
  /** Null when it can be acted upon. */
  readonly forbidden: string | null;
  onCommand(name: string, ...args: (string | number)[]): void;
}

/** One task that waits: since when, who could take it, and why nobody does. */
export function QueueRow({ run, queued, place, mostNamed, agingMs, forbidden, onCommand }: Props) {
  const { task, why } = queued;
  const workbench = useWorkbench();
  const start = run.atOf(1) ?? 0;
  const now = run.now ?? start;
  const actor = run.actors.get(`task:${task.id}`);
  const since =
    (actor && spansOf(run, actor).findLast(({ seq, state }) => seq <= run.position && state === 'queued')?.from) ??
    task.submittedAt;
  const { agentType, capabilities, languages, specialisations } = task.requirements;
  const asks = [agentType ?? [], capabilities, languages, specialisations].flat();
  const title = run.facts.tasks.get(task.id)?.title ?? task.id;
  const name = calledIn(run, `task:${task.id}`);
  return (
    <>
      <span role="cell" className="mono soft place">
        {place}
      </span>
      <span role="cell" className="what">
        <button
          type="button"
          className="link truncate"
          title={task.id}
          onClick={() => workbench.select(`task:${task.id}`)}
        >
          {name}
        </button>
        <span className="soft truncate">
          {agingMs !== null && `counts as ${standing(run, task, agingMs)} · `}
          {task.type}
          {title !== task.id && title !== name && ` · ${title}`}
          {asks.length > 0 && ` · asks for ${asks.join(', ')}`}
        </span>
      </span>
      <span role="cell" className="since">
        <span>{now === since ? 'just now' : length(now - since)}</span>
        <span className="soft mono">since {clock(since - start)}</span>
      </span>
      <span role="cell" className="who">
        <Able {...{ run, queued, mostNamed }} />
        <span className="soft truncate" title={why}>
          {why.replace(namedTwice, '$1')}
        </span>
      </span>
      <span role="cell" className="acts">
        <select
          className="field"
          aria-label={`Priority of ${name}`}
          title={forbidden ?? 'Prioritise'}
          disabled={forbidden !== null}
          value={task.priority}
          onChange={(event) => onCommand('prioritise', task.id, Number(event.target.value))}
        >
          {names.every(([number]) => number !== task.priority) && (
            <option value={task.priority}>{task.priority}</option>
          )}
          {names.map(([number, name]) => (
            <option key={number} value={number}>
              {name}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="button quiet icon"
          aria-label={`Cancel ${name}`}
          title={forbidden ?? 'Cancel'}
          disabled={forbidden !== null}
          onClick={() => onCommand('cancel', task.id, 'cancelled at the page')}
        >
          <X size={16} />
        </button>
      </span>
    </>
  );
}

/** The priority with what was gained by waiting, from when the task might have begun; as the hub reckons. */
function standing(run: Run, { id, priority, submittedAt }: QueuedTask['task'], agingMs: number): number {
  const submission = run.records[(run.facts.tasks.get(id)?.submittedSeq ?? 0) - 1];
  const startAt = submission?.type === 'task.submit' ? (submission.payload.startAt ?? 0) : 0;
  return priority + Math.floor(Math.max(0, (run.now ?? 0) - Math.max(submittedAt, startAt)) / agingMs);
}

function Able({ run, queued, mostNamed }: Pick<Props, 'run' | 'queued' | 'mostNamed'>) {
  const { able, ableCount, unable, unableCount } = queued;
  const workbench = useWorkbench();
  if (able.length === 0) {
    const [first] = unable;
    return (
      <span className="truncate tone-trouble nobody">
        <Mark tone="trouble" /> {first === undefined ? 'no agent is there' : `${first.agentId} ${first.why}`}
        {unableCount > 1 && ` and ${unableCount - 1} more`}
      </span>
    );
  }
  return (
    <span className="able">
      {able.slice(0, mostNamed).map(({ agentId, why }) => {
        const tone = toneOf('agent', run.actors.get(`agent:${agentId}`)?.at(run.position)?.means);
        return (
          <button
            key={agentId}
            type="button"
            className="able-one"
            title={`${agentId} ${why}`}
            onClick={() => workbench.select(`agent:${agentId}`)}
          >
            <Mark tone={tone} />
            <span className="truncate">{agentId}</span>
            <span className="only-read"> {why}</span>
          </button>
        );
      })}
      {ableCount > mostNamed && <span className="soft able-more">and {ableCount - mostNamed} more</span>}
    </span>
  );
}
