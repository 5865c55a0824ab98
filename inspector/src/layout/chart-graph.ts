/**
 * A chart as boxes and arrows, before anybody has placed them.
 *
 * - L1 every transition that leads to another state is in one arrow; those between the same two states share theirs.
 * - L2 what every state does (but those at the end) is one arrow, from "any state".
 * - L3 an arrow says what is not plain: an event that is called like the state that it leads to goes without saying,
 *   where no other one leads there.
 */
import type { ChartDescription, ChartState, ChartTransition } from 'xstate-hub/machines';

export interface ChartBox {
  readonly path: string;
  readonly name: string;
  readonly isFinal: boolean;
  readonly children: readonly ChartBox[];
  /** The child that it begins in. */
  readonly initial: string | null;
}

export interface ChartArrow {
  /** `running→retrying` */
  readonly id: string;
  /** Empty for the chart as a whole: from any of its states. */
  readonly from: string;
  readonly to: string;
  readonly transitions: readonly ChartTransition[];
  /** What it says, line by line. */
  readonly lines: readonly string[];
}

export interface ChartGraph {
  readonly boxes: readonly ChartBox[];
  readonly initial: string | null;
  readonly arrows: readonly ChartArrow[];
}

export const arrowId = (from: string, to: string): string => `${from}→${to}`;
export const leafOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

export function chartGraph(chart: ChartDescription): ChartGraph {
  const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('.')));
  const below = (parent: string): ChartBox[] =>
    chart.states
      .filter(({ path }) => parentOf(path) === parent)
      .map(({ path, type, initial }) => ({
        path,
        name: leafOf(path),
        isFinal: type === 'final',
        children: below(path),
        initial,
      }));
  const arrows = new Map<string, { from: string; to: string; transitions: ChartTransition[] }>();
  const isOfAll = ofAll(chart);
  for (const state of [chart.root, ...chart.states]) {
    for (const transition of state.transitions) {
      for (const to of transition.targets) {
        const from = isOfAll(state, transition) ? '' : state.path;
        const id = arrowId(from, to);
        const known = arrows.get(id);
        if (known === undefined) arrows.set(id, { from, to, transitions: [transition] });
        else if (from !== '' || state.path === '') known.transitions.push(transition);
      }
    }
  }
  return {
    boxes: below(''),
    initial: chart.root.initial,
    arrows: [...arrows].map(([id, arrow]) => ({ id, ...arrow, lines: linesOf(chart.id, arrow.to, arrow.transitions) })),
  };
}

/** Whether every other state does the same. */
export function ofAll({ states }: ChartDescription): (state: ChartState, transition: ChartTransition) => boolean {
  const living = states.filter(({ path, type }) => !path.includes('.') && type !== 'final');
  const keyOf = ({ event, guard, targets }: ChartTransition) => `${event} [${guard}] ${targets.join(' ')}`;
  const count = new Map<string, number>();
  for (const { transitions } of living) {
    for (const key of new Set(transitions.map(keyOf))) count.set(key, (count.get(key) ?? 0) + 1);
  }
  const most = living.length;
  return ({ path }, transition) =>
    most > 1 && !path.includes('.') && path !== '' && count.get(keyOf(transition)) === most;
}

function linesOf(chartId: string, to: string, transitions: readonly ChartTransition[]): string[] {
  const labels = new Set(transitions.map((transition) => labelOf(chartId, transition)));
  if (labels.size === 1 && labels.has(leafOf(to))) return [];
  return [...labels].flatMap(inLines);
}

/** The lines of an arrow that speak of one of its transitions. */
export const linesOfOne = (chartId: string, transition: ChartTransition): string[] =>
  inLines(labelOf(chartId, transition));

const inLines = (label: string): string[] => label.split(/ (?=\[)/);

/** `consultation.closed [isLast]`; without the name of the chart, which goes without saying. */
export function labelOf(chartId: string, { event, guard, otherwise }: ChartTransition): string {
  const name = event?.startsWith(`${chartId}.`) ? event.slice(chartId.length + 1) : event;
  const condition = guard === null ? (otherwise ? '[else]' : '') : `[${guard}]`;
  return [name ?? '', condition].filter((part) => part !== '').join(' ');
}
