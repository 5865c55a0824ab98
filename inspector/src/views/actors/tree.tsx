import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { type ActorTree, type Filter, noFilter, type Row, statesOf } from '../../model/actor-tree.ts';
import type { ActorKind } from '../../model/history.ts';
import type { Run } from '../../model/run.ts';
import { subjectAt, toneOfSubject, wordsOfSubject } from '../../model/subject.ts';
import { toneOf } from '../../model/tone.ts';
import { Mark } from '../../ui/mark.tsx';

const kinds: readonly ActorKind[] = ['agent', 'orchestration', 'task', 'consultation', 'gate'];
const rowHeight = 28;
const rowId = (id: string) => `row ${id}`.replace(/\s/g, '_');

interface Props {
  readonly run: Run;
  readonly tree: ActorTree;
  /** The actor that is looked at. */
  readonly shown: string;
  onSelect(id: string): void;
}

/** The actors, each below the one that it belongs to. Rows that are out of sight are not there. */
export function Tree({ run, tree, shown, onSelect }: Props) {
  const { position } = run;
  const [filter, setFilter] = useState<Filter>(noFilter);
  const deferred = useDeferredValue(filter);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(shown);
  const [lastShown, setLastShown] = useState(shown);
  if (shown !== lastShown) {
    setLastShown(shown);
    setActive(shown);
  }
  const rows = useMemo(
    () => tree.update().rows(position, (id) => closed.has(id), deferred),
    [tree, position, closed, deferred],
  );
  const list = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => list.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    paddingEnd: 8,
  });
  const index = rows.findIndex(({ id }) => id === active);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when another one is active, not when rows come
  useEffect(() => {
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' });
  }, [active]);

  const setOpen = ({ id }: Row, isOpen: boolean) => {
    const next = new Set(closed);
    if (isOpen) next.delete(id);
    else next.add(id);
    setClosed(next);
  };
  const go = (to: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (row === undefined) return;
    setActive(row.id);
    if (!row.id.startsWith('group:')) onSelect(row.id);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const row = rows[index];
    const page = Math.max(1, Math.floor((list.current?.clientHeight ?? 0) / rowHeight) - 1);
    const inwards = () => {
      if (row === undefined || row.size === 0) return;
      if (row.isExpanded) go(index + 1);
      else setOpen(row, true);
    };
    const outwards = () => {
      if (row === undefined) return;
      if (row.isExpanded && row.id !== 'hub') setOpen(row, false);
      else go(rows.findLastIndex(({ level }, at) => at < index && level < row.level));
    };
    const moves: ReadonlyMap<string, () => void> = new Map([
      ['ArrowDown', () => go(index + 1)],
      ['ArrowUp', () => go(index - 1)],
      ['PageDown', () => go(index + page)],
      ['PageUp', () => go(index - page)],
      ['Home', () => go(0)],
      ['End', () => go(rows.length - 1)],
      ['ArrowRight', inwards],
      ['ArrowLeft', outwards],
      ['Enter', () => row?.id.startsWith('group:') && setOpen(row, !row.isExpanded)],
    ]);
    const move = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey ? undefined : moves.get(event.key);
    if (move === undefined) return;
    event.preventDefault();
    move();
  };

  return (
    <section className="actor-tree" aria-label="Who belongs to whom">
      <Filters filter={filter} onChange={setFilter} count={rows.length} />
      <div
        ref={list}
        className="tree"
        role="tree"
        aria-label="Actors"
        tabIndex={0}
        aria-activedescendant={index >= 0 ? rowId(active) : undefined}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {virtual.getVirtualItems().map(({ index: at, start }) => {
            const row = rows[at];
            if (row === undefined) return null;
            const { id, level, size, isExpanded, place, brothers } = row;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
              <div
                key={id}
                id={rowId(id)}
                role="treeitem"
                aria-level={level}
                aria-setsize={brothers}
                aria-posinset={place}
                aria-selected={id === shown}
                {...(size > 0 && { 'aria-expanded': isExpanded })}
                className={`tree-row${id === active ? ' active' : ''}`}
                style={{ transform: `translateY(${start}px)`, paddingLeft: (level - 1) * 14 + 4 }}
                onClick={() => {
                  setActive(id);
                  if (id.startsWith('group:')) setOpen(row, !isExpanded);
                  else onSelect(id);
                }}
              >
                <span
                  className={`twist${isExpanded ? ' open' : ''}`}
                  aria-hidden="true"
                  onClick={(event) => {
                    if (size === 0 || id === 'hub') return;
                    event.stopPropagation();
                    setOpen(row, !isExpanded);
                  }}
                >
                  {size > 0 && id !== 'hub' && <ChevronRight size={14} />}
                </span>
                <RowText run={run} tree={tree} row={row} />
              </div>
            );
          })}
        </div>
        {rows.length <= 1 && <p className="soft tree-none">{noneWords(position, filter)}</p>}
      </div>
    </section>
  );
}

const isFiltered = ({ text, kind, state }: Filter): boolean => text !== '' || kind !== '' || state !== '';

function noneWords(position: number, filter: Filter): string {
  if (position === 0) return 'Nothing yet: press Play.';
  return isFiltered(filter) ? 'No actor is like that at this moment.' : 'No actor is there yet.';
}

interface RowProps {
  readonly run: Run;
  readonly tree: ActorTree;
  readonly row: Row;
}

function RowText({ run, tree, row: { id, actor, size } }: RowProps) {
  const { position } = run;
  if (id.startsWith('group:')) {
    return (
      <span className="tree-group">
        {id.slice('group:'.length)} <span className="soft">{size}</span>
      </span>
    );
  }
  const state = actor === null ? subjectAt(run, id, position)?.stays.at(-1)?.means : actor.at(position)?.means;
  const tone = actor === null ? toneOfSubject('hub', state) : toneOf(actor.kind, state);
  return (
    <>
      <Mark tone={tone} />
      <span className="truncate tree-name">{actor === null ? run.opened.title : tree.labelOf(actor)}</span>
      <span className={`tree-state tone-${tone}`}>
        <span className="only-read">{actor?.kind ?? 'hub'} </span>
        {wordsOfSubject(actor?.kind ?? 'hub', state ?? '')}
      </span>
    </>
  );
}

interface FiltersProps {
  readonly filter: Filter;
  readonly count: number;
  onChange(filter: Filter): void;
}

function Filters({ filter, onChange, count }: FiltersProps) {
  const states = filter.kind === '' ? [...new Set(kinds.flatMap((kind) => statesOf[kind]))] : statesOf[filter.kind];
  return (
    <div className="tree-filters">
      <input
        className="field"
        type="search"
        placeholder="Search by name"
        aria-label="Search by name"
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.target.value.trim().toLowerCase() })}
      />
      <select
        className="field"
        aria-label="Kind"
        value={filter.kind}
        onChange={(event) => onChange({ ...filter, kind: event.target.value as ActorKind | '', state: '' })}
      >
        <option value="">all kinds</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {kind}s
          </option>
        ))}
      </select>
      <select
        className="field"
        aria-label="State"
        value={filter.state}
        onChange={(event) => onChange({ ...filter, state: event.target.value })}
      >
        <option value="">all states</option>
        {states.map((state) => (
          <option key={state} value={state}>
            {state}
          </option>
        ))}
      </select>
      <span className="only-read" role="status">
        {isFiltered(filter) ? `${count} rows` : ''}
      </span>
    </div>
  );
}
