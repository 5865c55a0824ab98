/** A chart of 60 states: ten compound ones with five inside each, that lead to each other and back. */
import type { ChartDescription, ChartState, ChartTransition } from '../../../src/machines/index.ts';

const transition = (event: string, target: string): ChartTransition => ({
  event,
  guard: null,
  otherwise: false,
  targets: [target],
  actions: [],
});

const state = (path: string, initial: string | null, transitions: readonly ChartTransition[]): ChartState => ({
  path,
  type: initial === null ? 'atomic' : 'compound',
  initial,
  entry: [],
  exit: [],
  transitions,
});

/** @param id of which chart it takes the place */
export function largeChart(id: string): ChartDescription {
  const states: ChartState[] = [];
  for (let phase = 0; phase < 10; phase++) {
    const next = `phase${(phase + 1) % 10}`;
    states.push(state(`phase${phase}`, `phase${phase}.step0`, [transition('phase.ended', next)]));
    for (let step = 0; step < 5; step++) {
      const own = `phase${phase}.step${step}`;
      const onwards = step < 4 ? [transition('step.ended', `phase${phase}.step${step + 1}`)] : [];
      const back = step > 1 ? [transition('step.repeated', `phase${phase}.step${step - 2}`)] : [];
      states.push(state(own, null, [...onwards, ...back]));
    }
  }
  return { id, root: state('', 'phase0', [transition('all.reset', 'phase0')]), states };
}
