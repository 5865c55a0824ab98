import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef, useState } from 'react';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { Mark } from '../../ui/mark.tsx';
import { type AgentAt, agentAt, stateWords } from './agents-at.ts';
import type { Scene } from './scene.ts';

interface TableProps {
  readonly run: Run;
  readonly scene: Scene;
  /** Else it is there for screen readers only. */
  readonly isShown: boolean;
}

const rowHeight = 30;

/** How often it is written anew while nobody sees it, in ms. */
const quiet = 400;

/** The same as the picture, in words. */
export function AgentTable({ run, scene, isShown }: TableProps) {
  const late = useLate(scene, quiet);
  return <Rows run={run} scene={isShown ? scene : late} isShown={isShown} />;
}

/** The last value, but not more often than that. */
function useLate<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const newest = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    newest.current = value;
    if (value === shown) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setShown(newest.current);
    }, ms);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return shown;
}

const Rows = memo(function Rows({ run, scene, isShown }: TableProps) {
  const workbench = useWorkbench();
  const agents = [...run.facts.agents.values()];
  const list = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: agents.length,
    getScrollElement: () => list.current,
    estimateSize: () => rowHeight,
    overscan: isShown ? 8 : 50,
  });
  return (
    <div ref={list} className={isShown ? 'floor-table' : 'floor-table only-read'} tabIndex={isShown ? 0 : -1}>
      <div role="table" aria-label="Agents at this moment" aria-rowcount={agents.length + 1}>
        <div role="rowgroup" className="floor-table-head">
          <div role="row" aria-rowindex={1} className="floor-row">
            {['agent', 'state', 'task', 'waits for'].map((name) => (
              <span key={name} role="columnheader">
                {name}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const facts = agents[index];
            if (facts === undefined) return null;
            const agent = agentAt(run, facts, run.actors.get(`agent:${facts.id}`), scene.seq, scene.open);
            return (
              <Row
                key={agent.id}
                agent={agent}
                index={index}
                top={start}
                isSelected={workbench.selection === `agent:${agent.id}`}
                isShown={isShown}
                onSelect={() => workbench.select(`agent:${agent.id}`)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
});

interface RowProps {
  readonly agent: AgentAt;
  readonly index: number;
  readonly top: number;
  readonly isSelected: boolean;
  readonly isShown: boolean;
  readonly onSelect: () => void;
}

function Row({ agent, index, top, isSelected, isShown, onSelect }: RowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={isSelected ? 'floor-row current' : 'floor-row'}
      style={{ position: 'absolute', inset: '0 0 auto', transform: `translateY(${top}px)` }}
    >
      <span role="cell" className="truncate">
        {isShown ? (
          <button type="button" className="plain" onClick={onSelect}>
            {agent.id}
          </button>
        ) : (
          agent.id
        )}
      </span>
      <span role="cell" className={`state tone-${agent.tone}`}>
        <Mark tone={agent.tone} />
        {stateWords(agent)}
      </span>
      <span role="cell" className="truncate">
        {agent.tasks.join(', ')}
      </span>
      <span role="cell" className="soft truncate">
        {agent.waits}
      </span>
    </div>
  );
}
