import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { ActorKind } from '../model/history.ts';
import { useRun, useWorkbench } from '../model/hooks.ts';
import type { Run } from '../model/run.ts';
import { toneOf, wordsOf } from '../model/tone.ts';
import { StateLabel } from '../ui/mark.tsx';

const kinds: readonly ActorKind[] = ['agent', 'task', 'consultation', 'gate', 'orchestration'];

/** Every actor of the hub, and where each stands. */
export function ActorsView({ run }: { readonly run: Run }) {
  useRun(run);
  const workbench = useWorkbench();
  const [kind, setKind] = useState<ActorKind | ''>('');
  const [search, setSearch] = useState('');
  const { position } = run;
  const actors = useMemo(
    () =>
      [...run.actors.values()]
        .filter(
          (actor) => actor.bornSeq <= position && (kind === '' || actor.kind === kind) && actor.name.includes(search),
        )
        .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.bornSeq - b.bornSeq),
    [run, position, kind, search],
  );
  const list = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: actors.length,
    getScrollElement: () => list.current,
    estimateSize: () => 34,
    overscan: 10,
  });
  return (
    <div className="log-view">
      <div className="view-bar">
        <input
          className="field grow"
          type="search"
          placeholder="Search by name"
          aria-label="Search by name"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <select
          className="field"
          aria-label="Kind"
          value={kind}
          onChange={(event) => setKind(event.target.value as ActorKind | '')}
        >
          <option value="">all actors</option>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {one}s
            </option>
          ))}
        </select>
        <span className="soft" role="status">
          {actors.length} actors
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <div ref={list} className="log-list" role="table" aria-label="Actors" aria-rowcount={actors.length} tabIndex={0}>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="rowgroup">
          {rows.getVirtualItems().map(({ index, start }) => {
            const actor = actors[index];
            if (actor === undefined) return null;
            const state = actor.at(position)?.state ?? '';
            return (
              <div
                key={actor.id}
                role="row"
                aria-rowindex={index + 1}
                className={`actor-row${workbench.selection === actor.id ? ' current' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
              >
                <span role="cell" className="soft">
                  {actor.kind}
                </span>
                <span role="cell" className="truncate">
                  <button type="button" onClick={() => workbench.select(actor.id)}>
                    {actor.name}
                  </button>
                </span>
                <span role="cell">
                  <StateLabel tone={toneOf(actor.kind, state)}>{wordsOf(state)}</StateLabel>
                </span>
                <span role="cell" className="soft truncate">
                  {run.facts.tasks.get(actor.name)?.title ?? run.facts.agents.get(actor.name)?.type ?? ''}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
