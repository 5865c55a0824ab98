/**
 * The bandits learn: over 20 seeds they beat random choice and come within 10 % of always choosing the best.
 *
 * What an agent is worth is the chance that it succeeds times the quality of what it then does; a task that fails is
 * worth nothing. Each task is one attempt, and every agent is free for each, so the choice is all that counts.
 */
import { expect, test } from 'vitest';
import { epsilonGreedy, type Router, ucb1 } from '../../src/index.ts';
import { simulate, simulatedEnvironment } from '../../src/testing.ts';

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
const tasks = 400;

/** Success and quality of each; the order in which they are free is drawn from the seed. */
const team = [
  [0.95, 0.9],
  [0.9, 0.75],
  [0.7, 0.9],
  [0.8, 0.6],
  [0.5, 0.8],
  [0.3, 0.95],
] as const;
const worths = team.map(([success, quality]) => success * quality);
const best = Math.max(...worths);

const taking = (index: (count: number, random: () => number) => number): Router => ({
  route(_task, candidates, random) {
    const agents = [...candidates].map(({ agent }) => agent.agentId).sort();
    const agentId = agents[index(agents.length, random)];
    return agentId === undefined ? undefined : { ...unexplained, agentId };
  },
});
const unexplained = { strategy: 'mine', confidence: 1, reason: 'by rule', scores: {}, alternatives: [] };
const atRandom = taking((count, random) => Math.floor(random() * count));
const alwaysBest = taking(() => worths.indexOf(best));

/** What the tasks of one run were worth, on average. */
async function meanReward(router: Router, seed: number): Promise<number> {
  const { random } = simulatedEnvironment(seed * 7919);
  const simulation = await simulate({
    seed,
    router,
    config: { retry: { maxAttempts: 1 }, breaker: { failures: 1_000_000 }, keepFinished: tasks },
  });
  const { hub } = simulation;
  const order = team.map((_, index) => [random(), index] as const).sort(([a], [b]) => a - b);
  for (const [, index] of order) {
    const [success, quality] = team[index] as (typeof team)[number];
    hub.register({
      id: `agent-${index}`,
      type: 'dev',
      run(_task, { rate }) {
        if (random() >= success) throw new Error('no');
        rate(Math.min(1, Math.max(0, quality + 0.2 * (random() - 0.5))));
      },
    });
  }
  let reward = 0;
  hub.on('task.completed', ({ payload }) => {
    reward += payload.quality ?? 0;
  });
  for (let sent = 0; sent < tasks; sent++) {
    hub.submit({ type: 'x' });
    await simulation.run();
  }
  return reward / tasks;
}

async function overSeeds(router: Router): Promise<number> {
  let sum = 0;
  for (const seed of seeds) sum += await meanReward(router, seed);
  return sum / seeds.length;
}

test.each<[string, Router]>([
  ['epsilonGreedy', epsilonGreedy()],
  ['ucb1', ucb1()],
])(
  '%s beats random choice and comes within a tenth of always choosing the best',
  { timeout: 60_000 },
  async (_name, router) => {
    const [learned, chance, ideal] = [await overSeeds(router), await overSeeds(atRandom), await overSeeds(alwaysBest)];
    expect(chance).toBeLessThan(0.8 * ideal);
    expect(learned).toBeGreaterThan(chance);
    expect(learned).toBeGreaterThan(0.9 * ideal);
  },
);
