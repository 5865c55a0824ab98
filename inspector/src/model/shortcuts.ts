/** Everything that keys do, in one list: the help shows the same. */
import { useEffect } from 'react';
import { type View, views } from './place.ts';
import { speeds } from './player.ts';
import type { Workbench } from './workbench.ts';

export interface Key {
  /** As `KeyboardEvent.key` has it. */
  readonly key: string;
  readonly shift?: boolean;
  readonly does: string;
}

export interface Shortcut extends Key {
  readonly group: 'Time' | 'Views' | 'Page';
  run(workbench: Workbench): void;
}

const viewKeys: { readonly [view in View]: string } = {
  floor: '1',
  actors: '2',
  sequence: '3',
  timeline: '4',
  queue: '5',
  plan: '6',
  log: '7',
  project: '8',
  gates: '9',
  health: '0',
  why: 'y',
  scenario: 'e',
  compare: 'c',
};

const time = (key: string, does: string, run: Shortcut['run'], shift = false): Shortcut => ({
  key,
  does,
  run,
  group: 'Time',
  ...(shift && { shift }),
});

const changeSpeed = ({ current }: Workbench, by: 1 | -1) => {
  if (current === null) return;
  const index = speeds.indexOf(current.speed as (typeof speeds)[number]) + by;
  const speed = speeds[Math.min(speeds.length - 1, Math.max(0, index))];
  if (speed !== undefined) current.setSpeed(speed);
};

const goTo = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();

export const shortcuts: readonly Shortcut[] = [
  time(' ', 'play or pause', ({ current }) => current?.toggle()),
  time('ArrowRight', 'one record on', ({ current }) => void current?.forward()),
  time('ArrowLeft', 'one record back', ({ current }) => current?.back()),
  time('ArrowRight', 'ten records on', ({ current }) => current?.seek(current.run.position + 10), true),
  time('ArrowLeft', 'ten records back', ({ current }) => current?.seek(current.run.position - 10), true),
  time('Home', 'to the beginning', ({ current }) => current?.seek(0)),
  time('End', 'to the end of what has happened', ({ current }) => current?.toHead()),
  time('+', 'faster', (workbench) => changeSpeed(workbench, 1)),
  time('-', 'slower', (workbench) => changeSpeed(workbench, -1)),
  ...views.map(
    (view): Shortcut => ({
      key: viewKeys[view],
      does: view,
      group: 'Views',
      run: (workbench) => workbench.show(view),
    }),
  ),
  { key: 'f', does: 'fork the run at this moment', group: 'Time', run: (workbench) => void workbench.fork() },
  { key: 'a', does: 'to Approve, at a gate; Enter says yes', group: 'Page', run: () => goTo('[data-decide=approve]') },
  { key: 'r', does: 'to Reject, at a gate; Enter says no', group: 'Page', run: () => goTo('[data-decide=reject]') },
  { key: 'Escape', does: 'select nothing', group: 'Page', run: (workbench) => workbench.select(null) },
  { key: '?', does: 'this help', group: 'Page', run: (workbench) => workbench.toggleHelp() },
];

/** What keys do while the timeline is shown; the last ones when its lanes have the focus. */
export const timelineKeys: readonly Key[] = [
  { key: 'w', does: 'zoom in' },
  { key: 's', does: 'zoom out' },
  { key: 'a', does: 'move left' },
  { key: 'd', does: 'move right' },
  { key: 'f', does: 'the whole run, in the lanes' },
  { key: 'ArrowDown', does: 'the next row, in the lanes' },
  { key: 'Enter', does: 'select the row, in the lanes' },
];

/** Keys that a focused control needs itself are left to it. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('input:not([type=range]), textarea, select, [contenteditable], [role=dialog]') !== null)
    return true;
  const isArrow = key.startsWith('Arrow') || key === 'Home' || key === 'End';
  if (isArrow)
    return (
      target.closest('input, [role=grid], [role=listbox], [role=tree], [role=menu], [role=tablist], [data-keys]') !==
      null
    );
  return (
    key === ' ' && target.closest('button, a, [role=button], [role=row], [role=option], [role=tab], summary') !== null
  );
}

const isOurs = (event: KeyboardEvent): boolean =>
  !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented && !isTaken(event);

/** Keys of the view that is shown, wherever the focus is; they go before those of the page. */
export function useViewKeys(keys: ReadonlyMap<string, () => void>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = keys.get(event.key.toLowerCase());
      if (act === undefined || !isOurs(event)) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, [keys]);
}

export function useShortcuts(workbench: Workbench): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isOurs(event)) return;
      const shortcut = shortcuts.find(
        ({ key, shift }) =>
          key === event.key && (shift === undefined ? !event.shiftKey || key.length === 1 : event.shiftKey),
      );
      if (shortcut === undefined) return;
      if (workbench.current === null && shortcut.group !== 'Page') return;
      event.preventDefault();
      shortcut.run(workbench);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [workbench]);
}
