/**
 * The router: the port, and the strategies that come with the hub.
 *
 * Owns: which of the free agents gets a task, and why. Does not own: who is free (registry.ts), when
 * somebody is chosen (assignment.ts).
 *
 * - J1 a router is asked once for each assignment, and what it said is in the log with the assignment.
 * - J2 at most `considered` candidates are looked at, those that have been free longest, so that the cost
 *   does not grow with the number of agents.
 * - J3 all chance comes from the environment, so a seed decides it.
 */
import { z } from 'zod';
import type { Payload, Routing } from '../machines/messages.ts';
import { parse } from '../machines/parse.ts';
import { share } from '../machines/primitives.ts';
import type { Performance } from './performance.ts';
import type { AgentSpec } from './registry.ts';

export interface Candidate {
  readonly agent: AgentSpec;
  readonly performance: Performance;
  /** Tasks that it has, as a share of what it can have. */
  readonly load: number;
}

export interface Choice extends Routing {
  readonly agentId: string;
}

export interface Router {
  /** The chosen agent and why; undefined leaves the task in the queue. */
  route(task: Payload<'task.submit'>, candidates: Iterable<Candidate>, random: () => number): Choice | undefined;
}

/** How many candidates a strategy looks at. */
const considered = 32;
/** How many runners-up are recorded. */
const recorded = 3;

interface Scored {
  readonly candidate: Candidate;
  readonly score: number;
  readonly scores: Routing['scores'];
  readonly reason: string;
}

/** The agent that has been free longest. */
export const longestFree: Router = {
  route(_task, candidates) {
    for (const { agent } of candidates) return { agentId: agent.agentId, ...freeLongest };
    return undefined;
  },
};
const freeLongest: Routing = Object.freeze({
  strategy: 'longestFree',
  confidence: 1,
  reason: 'free longest',
  scores: Object.freeze({}),
  alternatives: Object.freeze([]) as unknown as [],
});

/** Nobody: tasks wait until they are assigned or dequeued by hand. */
export const byHand: Router = { route: () => undefined };

/** The agent whose profile fits the task best: fewest skills beyond those asked for, then the best record. */
export function capabilityMatch(): Router {
  return byScore('capabilityMatch', (task, { agent, performance, load }) => {
    const fit = specialisation(task, agent);
    const scores = { fit, success: performance.successRate, room: 1 - load };
    return {
      score: 0.5 * fit + 0.35 * performance.successRate + 0.15 * (1 - load),
      scores,
      reason: `fits ${percent(fit)}`,
    };
  });
}

/** The agent with the fewest tasks for what it can have. */
export function leastLoaded(): Router {
  return byScore('leastLoaded', (_task, { load, performance }) => ({
    score: 1 - load + performance.successRate / 1000,
    scores: { room: 1 - load, success: performance.successRate },
    reason: `${percent(load)} loaded`,
  }));
}

export interface BanditOptions {
  /** Share of choices that are left to chance at first. Default 0.2 (epsilon-greedy). */
  readonly epsilon?: number;
  /** By which that share shrinks with each task done. Default 0.995. */
  readonly decay?: number;
  /** Least share of choices that are left to chance. Default 0.01. */
  readonly floor?: number;
  /** Weight of curiosity. Default 0.2 (UCB1): within 10 % of the best over 400 tasks in teams of up to ten. */
  readonly curiosity?: number;
}

const banditSchema = z.strictObject({
  epsilon: share.optional(),
  decay: share.optional(),
  floor: share.optional(),
  curiosity: z.number().min(0).max(1000).optional(),
});

/** Mostly the agent with the best record, sometimes any, so that a record can change. */
export function epsilonGreedy(options: BanditOptions = {}): Router {
  const { epsilon = 0.2, decay = 0.995, floor = 0.01 } = parse(banditSchema, options, 'options');
  const exploit = byScore('epsilonGreedy', (_task, { performance }) => merit(performance));
  return {
    route(task, candidates, random) {
      const few = first(candidates);
      const done = few.reduce((sum, { performance }) => sum + performance.taskCount, 0);
      if (few.length < 2 || random() >= Math.max(floor, epsilon * decay ** done))
        return exploit.route(task, few, random);
      const lucky = few[Math.floor(random() * few.length)] as Candidate;
      return choice('epsilonGreedy', [
        { candidate: lucky, ...merit(lucky.performance), reason: 'explored by chance' },
        ...few
          .filter((one) => one !== lucky)
          .map((candidate) => ({ candidate, ...merit(candidate.performance) }))
          .sort((a, b) => b.score - a.score),
      ]);
    },
  };
}

/** The agent with the best record or the least known one, whichever promises more (UCB1). */
export function ucb1(options: BanditOptions = {}): Router {
  const { curiosity = 0.2 } = parse(banditSchema, options, 'options');
  return {
    route(task, candidates, random) {
      const few = first(candidates);
      const done = few.reduce((sum, { performance }) => sum + performance.taskCount, 0);
      return byScore('ucb1', (_task, { performance }) => {
        const bonus = curiosity * Math.sqrt((2 * Math.log(done + 1)) / (performance.taskCount + 1));
        const { score, scores } = merit(performance);
        return { score: score + bonus, scores: { ...scores, bonus }, reason: `${performance.taskCount} tasks known` };
      }).route(task, few, random);
    },
  };
}

function merit({ successRate, averageQuality }: Performance): Omit<Scored, 'candidate'> {
  const score = successRate * averageQuality;
  return {
    score,
    scores: { success: successRate, quality: averageQuality },
    reason: `${percent(successRate)} success, quality ${averageQuality.toFixed(2)}`,
  };
}

/** A strategy that takes whoever has the highest score; among equals, whoever has been free longest. */
export function byScore(
  strategy: string,
  rate: (task: Payload<'task.submit'>, candidate: Candidate) => Omit<Scored, 'candidate'>,
): Router {
  return {
    route(task, candidates) {
      const scored = first(candidates).map((candidate) => ({ candidate, ...rate(task, candidate) }));
      return choice(
        strategy,
        scored.sort((a, b) => b.score - a.score),
      );
    },
  };
}

/** @param ranked the chosen one first */
function choice(strategy: string, [chosen, ...others]: readonly Scored[]): Choice | undefined {
  if (chosen === undefined) return undefined;
  return {
    agentId: chosen.candidate.agent.agentId,
    strategy,
    confidence: confidence(chosen.candidate),
    reason: chosen.reason,
    scores: chosen.scores,
    alternatives: others.slice(0, recorded).map(({ candidate, score, reason }) => ({
      agentId: candidate.agent.agentId,
      score,
      reason,
    })),
  };
}

/** From nothing known (0.1) to much and good (1). */
function confidence({ performance: { taskCount, successRate }, load }: Candidate): number {
  if (taskCount === 0) return 0.1;
  return 0.4 * Math.min(1, taskCount / 50) + 0.4 * successRate + 0.2 * Math.max(0.1, 1 - load);
}

function first(candidates: Iterable<Candidate>): Candidate[] {
  const few: Candidate[] = [];
  for (const candidate of candidates) {
    few.push(candidate);
    if (few.length === considered) break;
  }
  return few;
}

/** How much of what an agent can do is what the task asks for: 1 for a specialist in just that. */
function specialisation({ type, requirements }: Payload<'task.submit'>, agent: AgentSpec): number {
  const asked = new Set([...requirements.capabilities, ...requirements.languages, ...requirements.specialisations]);
  const skills = [...agent.capabilities, ...agent.languages, ...agent.specialisations];
  const share = skills.length === 0 ? 1 : asked.size / Math.max(skills.length, asked.size);
  return agent.taskTypes.includes(type) ? 0.5 + share / 2 : share;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
