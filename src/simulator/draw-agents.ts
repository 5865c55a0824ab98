/** Draws who works and who decides in a run. */
import type { Script } from '../actors/script.ts';
import type { Dice } from './dice.ts';
import { type Behaviour, oddities, type PlannedAgent, type PlannedHuman } from './plan.ts';
import type { Swarm } from './swarm.ts';

export const agentTypes = ['dev', 'qa', 'expert'] as const;
export const agentIds = ['a1', 'a2', 'a3', 'a4', 'a5'] as const;
export const capabilities = ['ts', 'sql'] as const;

type Step = Script[number];

/** A step of an agent's work, of the kinds that are on in this run. */
function drawStep(dice: Dice, swarm: Swarm): Step {
  return dice.weighted<() => Step>([
    [4, () => ({ work: dice.pick<number | string>(['10s', '1m', '4m', 0]) })],
    [1, () => ({ work: { min: 100, max: 60_000 } })],
    [1, () => ({ progress: { percent: dice.int(0, 100) } })],
    [1, () => ({ rate: dice.int(0, 10) / 10 })],
    [swarm.consultations ? 4 : 0, () => ({ consult: drawQuestion(dice) })],
    [swarm.gates ? 3 : 0, () => ({ escalate: drawEscalation(dice) })],
    [swarm.messages ? 3 : 0, () => ({ send: { to: dice.pick(['hub', ...agentIds]), type: 'note' } })],
    [swarm.messages ? 1 : 0, () => ({ receive: {} })],
    [swarm.failures ? 3 : 0, () => ({ fail: { message: 'no', times: dice.int(1, 2), retry: dice.chance(0.8) } })],
    [swarm.failures ? 1 : 0, () => ({ fail: 'poison' })],
    [swarm.agentCrashes ? 2 : 0, () => ({ crash: dice.chance(0.2) ? true : { times: dice.int(1, 2) } })],
    [swarm.zombies ? 2 : 0, () => ({ deaf: dice.pick(['2m', '6m']) })],
    [swarm.stalls ? 1 : 0, () => ({ stall: true })],
  ])();
}

const drawQuestion = (dice: Dice) => ({
  type: dice.pick(agentTypes),
  question: 'how?',
  ...(dice.chance(0.6) && { timeout: dice.pick(['1m', '10m']) }),
  ...(dice.chance(0.3) && { ifNone: 'refuse' as const }),
});

const drawEscalation = (dice: Dice) => ({
  reason: 'may I?',
  wait: dice.chance(0.7),
  ...(dice.chance(0.3) && { approvers: [dice.pick(['alice', 'bob'])] }),
  ...(dice.chance(0.8) && { ladder: drawLadder(dice) }),
});

function drawLadder(dice: Dice) {
  const last = { after: dice.pick(['2m', '8m']), action: dice.pick(['approve', 'reject', 'expire'] as const) };
  return [
    ...dice.many(0, 2, () =>
      dice.chance(0.5)
        ? { after: '1m', action: 'remind' as const }
        : { after: '1m', action: 'handOver' as const, approver: 'carol' },
    ),
    last,
  ];
}

function drawBehaviour(dice: Dice, swarm: Swarm): Behaviour {
  if (swarm.oddities && dice.chance(0.25)) return dice.pick(oddities);
  return [
    ...dice.many(0, 3, () => drawStep(dice, swarm)),
    ...(dice.chance(0.5) ? [{ return: { done: dice.int(0, 9) } }] : []),
  ];
}

function drawAnswer(dice: Dice, swarm: Swarm): Behaviour {
  if (swarm.oddities && dice.chance(0.2)) return dice.pick(oddities);
  const steps: Step[] = [{ work: dice.pick<number | string>([0, '20s', '2m']) }];
  if (swarm.consultations && dice.chance(0.3)) steps.push({ consult: drawQuestion(dice) });
  if (swarm.agentCrashes && dice.chance(0.1)) steps.push({ crash: true });
  if (swarm.failures && dice.chance(0.2)) return [...steps, dice.chance(0.5) ? { decline: 'busy' } : { fail: 'no' }];
  if (swarm.zombies && dice.chance(0.2)) steps.push({ deaf: '3m' });
  return [...steps, { return: 'so' }];
}

export function drawAgent(dice: Dice, swarm: Swarm, id: string = dice.pick(agentIds)): PlannedAgent {
  const heartbeatMs = (swarm.stalls || swarm.zombies) && dice.chance(0.7) ? dice.pick([20_000, 90_000]) : undefined;
  return {
    profile: {
      id,
      type: dice.pick(agentTypes),
      concurrency: dice.chance(0.3) ? dice.int(2, 3) : 1,
      capabilities: capabilities.filter(() => dice.chance(0.4)),
      ...(dice.chance(0.1) && { taskTypes: ['x'] }),
      ...(heartbeatMs !== undefined && { heartbeatMs }),
    },
    behaviours: dice.many(1, 3, () => drawBehaviour(dice, swarm)),
    ...(dice.chance(0.7) && { answers: dice.many(1, 2, () => drawAnswer(dice, swarm)) }),
  };
}

export const drawHumans = (dice: Dice): PlannedHuman[] =>
  ['alice', 'bob', 'carol']
    .filter(() => dice.chance(0.5))
    .map((id) => ({
      id,
      decision: dice.chance(0.7) ? ('approve' as const) : ('reject' as const),
      afterMs: dice.pick([0, 1, 30_000, 120_000, 1_800_000]),
      shown: dice.weighted([[6, 'right'] as const, [1, 'other'] as const, [2, 'unsaid'] as const]),
      clicks: dice.chance(0.25) ? dice.int(2, 3) : 1,
      ...(dice.chance(0.3) && { choice: dice.pick(['retry', 'skip', 'replace']) }),
    }));
