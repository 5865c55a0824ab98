/** The queue at a moment: a part of its tasks, each with who could take it and why nobody does. */
import type { Explanation, Fold } from 'xstate-hub';
import type { QueuedTask, QueuePicture } from './protocol.ts';
import type { Source } from './source.ts';

/** How many agents are named of each sort. */
const mostNamed = 6;

/** @param ofHub what the hub itself says, which knows who chooses; for its present only */
export function queueAt(
  fold: Pick<Fold, 'picture' | 'explain'>,
  { from, count }: { readonly from: number; readonly count: number },
  ofHub: Source['explain'],
  agingMs: number | null,
): QueuePicture {
  const { queue, tasks } = fold.picture();
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const groups: { priority: number; count: number }[] = [];
  for (const id of queue) {
    const priority = byId.get(id)?.priority ?? 0;
    const last = groups.at(-1);
    if (last?.priority === priority) last.count++;
    else groups.push({ priority, count: 1 });
  }
  const inSight = queue.slice(from, from + count);
  const explained = ofHub?.(inSight) ?? {};
  return {
    total: queue.length,
    groups,
    agingMs,
    from,
    tasks: inSight.flatMap((id): QueuedTask[] => {
      const task = byId.get(id);
      const explanation = explained[id] ?? fold.explain(id);
      return task === undefined || explanation === null ? [] : [{ task, ...shortened(explanation) }];
    }),
  };
}

function shortened({ summary, agents }: Explanation): Omit<QueuedTask, 'task'> {
  const able = agents.filter(({ isCapable }) => isCapable);
  const unable = agents.filter(({ isCapable }) => !isCapable);
  return {
    why: summary,
    able: able.slice(0, mostNamed),
    ableCount: able.length,
    unable: unable.slice(0, mostNamed),
    unableCount: unable.length,
  };
}
