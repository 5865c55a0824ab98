/** The routers of simulated runs: those of the hub, and one that answers whatever comes to its mind. */
import { capabilityMatch, epsilonGreedy, leastLoaded, longestFree, type Router, ucb1 } from '../hub/routing.ts';
import type { Plan } from './plan.ts';

/** Names agents that are not there, throws, answers promises and nonsense, each about as often as what it should. */
const rogue: Router = {
  route(task, candidates, random) {
    const answers: readonly (() => unknown)[] = [
      () => longestFree.route(task, candidates, random),
      () => ({ ...longestFree.route(task, candidates, random), agentId: 'nobody' }),
      () => {
        throw new Error('the router is confused');
      },
      () => Promise.resolve(undefined),
      () => ({ agentId: 'nobody' }),
    ];
    return answers[Math.floor(random() * answers.length)]?.() as ReturnType<Router['route']>;
  },
};

const routers: { readonly [name in Plan['router']]: () => Router } = {
  longestFree: () => longestFree,
  capabilityMatch,
  leastLoaded,
  epsilonGreedy,
  ucb1,
  rogue: () => rogue,
};

export const routerOf = (name: Plan['router']): Router => routers[name]();
