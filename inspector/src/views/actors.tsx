import { lazy, Suspense, useState } from 'react';
import { ActorTree } from '../model/actor-tree.ts';
import { useRun, useWorkbench } from '../model/hooks.ts';
import type { Run } from '../model/run.ts';
import '../styles/actors.css';
import { Tree } from './actors/tree.tsx';

const Pane = lazy(async () => ({ default: (await import('./actors/pane.tsx')).Pane }));

/** Who belongs to whom, and the chart of the one that is looked at. */
export function ActorsView({ run }: { readonly run: Run }) {
  useRun(run);
  const workbench = useWorkbench();
  const [tree] = useState(() => new ActorTree(run));
  const { selection } = workbench;
  const isActor = selection !== null && !selection.startsWith('record:');
  const [last, setLast] = useState('hub');
  if (isActor && selection !== last) setLast(selection);
  const shown = isActor ? selection : last;
  return (
    <div className="actors-view">
      <Tree run={run} tree={tree} shown={shown} onSelect={(id) => workbench.select(id)} />
      <Suspense fallback={<div className="empty">Loading the chart…</div>}>
        <Pane run={run} id={shown} onSelect={(id) => workbench.select(id)} />
      </Suspense>
    </div>
  );
}
