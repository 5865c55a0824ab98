/** Charts that throw for some of their actors, in the middle of what they do (I22). */
import { type AnyStateMachine, assign } from 'xstate';
import { type Charts, charts } from '../hub/state.ts';
import { hashOf } from './crew.ts';
import type { Plan } from './plan.ts';

/** One of so many actors is broken. */
const oneOf = 4;

const breaking: { readonly [chart in keyof Charts]: readonly string[] } = {
  task: ['closeConsultation', 'closeGate', 'stopWaiting', 'release'],
  agent: ['takeQuestion', 'openGate', 'hold', 'dropTask'],
  consultation: ['ask', 'unask'],
  gate: ['remind', 'handOver', 'decide'],
  orchestration: ['block', 'unblock'],
};

/** The chart with actions that throw when they come to an actor that is broken, and do what they did for the others. */
export function brokenCharts(which: NonNullable<Plan['broken']>, count: (what: string) => void): Partial<Charts> {
  const chart: AnyStateMachine = charts[which];
  const before = chart.implementations.actions as unknown as {
    readonly [name: string]: { readonly assignment: unknown };
  };
  const actions = Object.fromEntries(
    breaking[which].map((name) => [
      name,
      assign((args: { readonly context: object }) => {
        const id = Object.values(args.context).find((value) => typeof value === 'string') ?? '';
        if (hashOf(id) % oneOf === 0) {
          count(`broken:${which}`);
          throw new Error('the chart is broken');
        }
        const assignment = before[name]?.assignment;
        return typeof assignment === 'function' ? assignment(args) : assignment;
      }),
    ]),
  );
  return { [which]: chart.provide({ actions: actions as never }) };
}
