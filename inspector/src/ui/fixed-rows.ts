/**
 * A list of rows of one height, of which only those in sight are drawn: at no cost that grows with the list.
 *
 * - Fr1 a list that would be taller than browsers can make it is as tall as they can, and scrolls faster instead.
 * - Fr2 what was scrolled to and is in sight stays in sight when the list becomes shorter, as above a selection.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useReducer, useRef } from 'react';
import { watchScroll } from './watch-scroll.ts';

/** Firefox ends at about 17.8 million px. */
const tallest = 8_000_000;
const overscan = 8;

export interface FixedRows {
  readonly items: readonly { readonly index: number; readonly start: number }[];
  /** In px. */
  readonly height: number;
  scrollTo(index: number, where: 'nearest' | 'center'): void;
}

export function useFixedRows(list: RefObject<HTMLElement | null>, count: number, rowHeight: number): FixedRows {
  const [, render] = useReducer((times: number) => times + 1, 0);
  const seen = useRef({ top: 0, size: 0 });
  const total = count * rowHeight;
  const height = Math.min(total, tallest);
  const now = useRef({ count, total, height });
  now.current = { count, total, height };

  const wanted = useRef<{ index: number; where: 'nearest' | 'center' } | null>(null);
  const shown = useRef<number | null>(null);
  const scrollTo = useCallback(
    (index: number, where: 'nearest' | 'center') => {
      const element = list.current;
      if (element === null) return;
      shown.current = index;
      const size = element.clientHeight;
      if (size === 0) {
        wanted.current = { index, where };
        return;
      }
      const ratio = ratioOf(now.current, size);
      const offset = element.scrollTop * ratio;
      const top = index * rowHeight;
      if (where === 'nearest' && top >= offset && top + rowHeight <= offset + size) return;
      const target = where === 'center' ? top - (size - rowHeight) / 2 : top < offset ? top : top + rowHeight - size;
      element.scrollTop = Math.max(0, target) / ratio;
    },
    [list, rowHeight],
  );
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const look = () => {
      const { scrollTop: top, clientHeight: size } = element;
      const before = seen.current;
      if (before.top === top && before.size === size) return;
      seen.current = { top, size };
      const from = (shown.current ?? -1) * rowHeight - before.top * ratioOf(now.current, before.size);
      const wasInSight = shown.current !== null && from >= 0 && from + rowHeight <= before.size;
      if (size < before.size && wasInSight) scrollTo(shown.current ?? 0, 'nearest');
      render();
    };
    return watchScroll(element, look);
  }, [list, rowHeight, scrollTo]);

  useEffect(() => {
    if (wanted.current === null || seen.current.size === 0) return;
    const { index, where } = wanted.current;
    wanted.current = null;
    scrollTo(index, where);
  });

  const { top, size } = seen.current;
  const offset = top * ratioOf({ total, height }, size);
  const first = Math.max(0, Math.floor(offset / rowHeight) - overscan);
  const last = Math.min(count, Math.ceil((offset + size) / rowHeight) + overscan);
  const items = [];
  for (let index = first; index < last; index++) items.push({ index, start: top + index * rowHeight - offset });
  return { items, height, scrollTo };
}

/** How much of the list a px of scrolling passes. */
const ratioOf = ({ total, height }: { readonly total: number; readonly height: number }, size: number): number =>
  height > size ? (total - size) / (height - size) : 1;
