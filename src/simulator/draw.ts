/** Draws a plan from a seed: a team, people, what clients and operators do, and what goes wrong. */
import { simulatedEnvironment } from '../actors/simulated-environment.ts';
import type { TaskInput } from '../hub/task-input.ts';
import type { HubConfigInput } from '../machines/config.ts';
import { Dice } from './dice.ts';
import { agentIds, agentTypes, capabilities, drawAgent, drawHumans } from './draw-agents.ts';
import { drawPlan as drawSubtasks } from './draw-subtasks.ts';
import { type Action, chartNames, type Plan, plannerNames, routerNames, type Survives } from './plan.ts';
import { drawSwarm, type Swarm } from './swarm.ts';

const taskTypes = ['x', 'y', 'z'] as const;
const taskIds = ['t1', 't2', 't3', 't4', 't5', 't6', 't7', 't8'] as const;
const scheduleIds = ['s1', 's2'] as const;
const orchestrationIds = ['o1', 'o2'] as const;

/** The plan of a seed; any integer, of which the low 32 bits count. */
export function drawPlan(seed: number): Plan {
  const dice = new Dice(simulatedEnvironment(seed ^ 0x5eed).random);
  const swarm = drawSwarm(dice);
  const forMs = dice.pick([120_000, 900_000, 3_600_000]);
  const when = () => (dice.chance(0.3) ? dice.int(0, Math.min(5000, forMs)) : dice.int(0, forMs));
  const team = agentIds.slice(0, dice.int(1, agentIds.length));
  const actions: Action[] = [
    ...team.map((id): Action => ({ at: dice.int(0, 10), do: 'register', agent: drawAgent(dice, swarm, id) })),
    ...drawTasks(dice, swarm, when),
    ...dice.many(0, swarm.operators ? 15 : 3, () => drawOperation(dice, swarm, when())),
    ...dice.many(0, swarm.orchestrations ? 3 : 0, () => drawOrchestration(dice, when())).flat(),
    ...dice.many(0, swarm.zombies ? 8 : 0, (): Action => ({ at: when(), do: 'acceptLate', by: 'alice' })),
    ...dice.many(0, swarm.forgeries ? 6 : 0, (): Action => ({ at: when(), do: 'forge', which: dice.int(0, 999) })),
    ...drawFaults(dice, swarm, when),
  ];
  return {
    seed,
    router: dice.chance(0.4) ? 'longestFree' : dice.pick(routerNames),
    planner: dice.chance(0.3) ? 'rules' : dice.pick(plannerNames),
    broken: swarm.brokenCharts ? dice.pick(chartNames) : null,
    configs: dice.many(1, swarm.upgrades ? 3 : 1, () => drawConfig(dice, swarm)),
    appendMs: swarm.slowDisk ? dice.many(1, 4, () => dice.pick([0, 1, 20, 400])) : [0],
    observers: {
      inspectors: swarm.observers && dice.chance(0.3) ? dice.pick([1, 50]) : 0,
      listeners: swarm.observers ? dice.pick(['none', 'throw', 'reenter'] as const) : 'none',
    },
    humans: swarm.gates || swarm.orchestrations ? drawHumans(dice) : [],
    actions: actions.sort((a, b) => a.at - b.at),
    forMs,
    checkpointEvery: dice.chance(0.6) ? dice.pick([1, 4, 15, 60, 300]) : null,
    checkpointFaults: dice.many(0, swarm.diskCrashes || swarm.diskErrors ? 3 : 0, () => ({
      nth: dice.int(1, 12),
      how: dice.pick(['crashBefore', 'crashBehind', ...(swarm.diskErrors ? (['throws', 'rejects'] as const) : [])]),
      downMs: dice.pick([0, 1000, 600_000]),
    })),
  };
}

function drawConfig(dice: Dice, swarm: Swarm): HubConfigInput {
  return {
    retry: { maxAttempts: dice.int(1, 4), backoffMs: dice.pick([1, 1000, 20_000]) },
    ...(dice.chance(0.4) && { breaker: { failures: dice.int(1, 3), resetMs: dice.pick([1000, 60_000]) } }),
    ...(dice.chance(0.3) && { aging: { everyMs: dice.pick([1000, 60_000]) } }),
    ...(swarm.tightBounds && {
      inboxLimit: dice.int(1, 3),
      deadLetterLimit: dice.int(1, 5),
      maxQueued: dice.int(2, 8),
      maxAgents: dice.int(6, 12),
      shedding: { above: dice.pick([0.5, 1]), below: 5 },
    }),
    ...(swarm.stalls && dice.chance(0.3) && { staleAgentMs: dice.pick([60_000, 600_000]) }),
    ...(swarm.limits && { limits: { x: drawLimit(dice), ...(dice.chance(0.5) && { y: drawLimit(dice) }) } }),
    ...(swarm.forgetful && { keepFinished: dice.int(0, 3) }),
    orchestration: { noProgressMs: dice.pick([60_000, 1_200_000]), planningMs: dice.pick([20_000, 300_000]) },
  };
}

const drawLimit = (dice: Dice) => ({
  ...(dice.chance(0.8) && { concurrency: dice.int(1, 2) }),
  ...(dice.chance(0.4) && { rate: { count: dice.int(1, 3), perMs: dice.pick([1000, 10_000]) } }),
});

/** Tasks, of which about a third are said twice or more, some of those with another body under the same key. */
function drawTasks(dice: Dice, swarm: Swarm, when: () => number): Action[] {
  return dice
    .many(2, 18, (index): Action[] => {
      const at = when();
      const hasKey = swarm.keys && dice.chance(0.5);
      const task: TaskInput = {
        type: dice.pick(taskTypes),
        payload: `task ${index}`,
        ...(dice.chance(0.5) && { id: dice.pick(taskIds) }),
        ...(hasKey && { idempotencyKey: `key-${dice.int(0, 8)}` }),
        metadata: {
          priority: dice.int(0, 3),
          ...(swarm.deadlines && dice.chance(0.3) && { timeoutMs: dice.pick([30_000, 400_000]) }),
          ...(swarm.deadlines && dice.chance(0.2) && { delayMs: dice.pick([1, 60_000, 600_000]) }),
          ...(dice.chance(0.1) && { maxAttempts: dice.int(1, 2) }),
          ...(dice.chance(0.1) && { ifNoAgent: 'fail' as const }),
        },
        requirements: {
          ...(dice.chance(0.5) && { agentType: dice.pick(agentTypes) }),
          ...(dice.chance(0.2) && { capabilities: [dice.pick(capabilities)] }),
        },
      };
      const again = dice.chance(0.3) ? dice.many(1, 2, () => ({ at: at + dice.pick([0, 0, 1, 60_000]), task })) : [];
      return [{ at, task }, ...again].map((one) => ({ ...one, do: 'submit' }));
    })
    .flat();
}

function drawOperation(dice: Dice, swarm: Swarm, at: number): Action {
  const agent = dice.pick(agentIds);
  const task = dice.pick(taskIds);
  const schedule = dice.pick(scheduleIds);
  const orchestration = dice.pick(orchestrationIds);
  const type = `note-${dice.int(0, 1e9)}`;
  const ladder = [{ afterMs: 200_000, action: dice.pick(['approve', 'reject', 'expire'] as const) }];
  return dice.weighted<Action>([
    [3, { at, do: 'cancel', task }],
    [2, { at, do: 'prioritise', task, priority: dice.int(0, 5) }],
    [1, { at, do: 'assign', task, agent }],
    [1, { at, do: 'dequeue', agent }],
    [3, { at, do: 'register', agent: drawAgent(dice, swarm, agent) }],
    [2, { at, do: 'unregister', agent }],
    [2, { at, do: 'pauseAgent', agent }],
    [2, { at, do: 'resumeAgent', agent }],
    [1, { at, do: 'reportLost', agent }],
    [1, { at, do: 'heartbeat', agent }],
    [swarm.gates ? 3 : 0, { at, do: 'escalate', ladder, ...(dice.chance(0.7) && { agent }) }],
    [swarm.gates ? 1 : 0, { at, do: 'decideLate', by: dice.pick(['alice', 'bob', 'a1']) }],
    [swarm.consultations ? 2 : 0, { at, do: 'consultAs', agent, type: dice.pick(agentTypes), timeoutMs: 90_000 }],
    [swarm.messages ? 3 : 0, { at, do: 'sendAs', agent, to: dice.pick(['hub', ...agentIds]), type }],
    [swarm.messages ? 2 : 0, { at, do: 'send', to: agent, type }],
    [swarm.messages ? 1 : 0, { at, do: 'replayLetters' }],
    [1, { at, do: 'purgeLetters' }],
    [swarm.zombies ? 2 : 0, { at, do: 'acceptLate', by: 'alice' }],
    [1, { at, do: 'pause' }],
    [2, { at, do: 'resume' }],
    [0.2, { at, do: 'drain' }],
    [0.3, { at, do: 'stop' }],
    [1, { at, do: 'project', phase: `phase ${dice.int(0, 3)}`, metadata: dice.int(0, 3) }],
    [swarm.schedules ? 3 : 0, drawSchedule(dice, at)],
    [swarm.schedules ? 1 : 0, { at, do: 'unschedule', schedule }],
    [swarm.schedules ? 1 : 0, { at, do: 'pauseSchedule', schedule }],
    [swarm.schedules ? 1 : 0, { at, do: 'resumeSchedule', schedule }],
    [swarm.orchestrations ? 1 : 0, { at, do: 'pauseOrchestration', orchestration }],
    [swarm.orchestrations ? 1 : 0, { at, do: 'resumeOrchestration', orchestration }],
    [swarm.orchestrations ? 1 : 0, { at, do: 'cancelOrchestration', orchestration }],
  ]);
}

const drawSchedule = (dice: Dice, at: number): Action => ({
  at,
  do: 'schedule',
  schedule: {
    id: dice.pick(scheduleIds),
    task: { type: dice.pick(taskTypes), metadata: { priority: dice.int(0, 3) } },
    ...(dice.chance(0.7) ? { everyMs: dice.pick([30_000, 300_000]) } : { cron: '*/2 * * * *' }),
    overlap: dice.pick(['skip', 'queue', 'replace'] as const),
    catchUp: dice.pick(['once', 'none'] as const),
  },
});

/** A complex task, and what an operator does to it meanwhile. */
function drawOrchestration(dice: Dice, at: number): Action[] {
  const orchestration = dice.pick(orchestrationIds);
  const soon = () => at + dice.pick([0, 1, 1000, 30_000, 120_000, 400_000]);
  return [
    {
      at,
      do: 'orchestrate',
      orchestration: {
        id: orchestration,
        title: dice.pick(['Build an authentication system with tests', 'Fix the build', 'Update the API and its docs']),
        ...(dice.chance(0.6) && { plan: drawSubtasks(dice) }),
        ...(dice.chance(0.3) && { orchestrationRequired: true, masters: [dice.pick(agentTypes)] }),
        mode: dice.pick(['stages', 'dag'] as const),
        ...(dice.chance(0.2) && { approvers: ['bob'] }),
      },
    },
    ...dice.many(0, 2, (): Action => ({ at: soon(), do: 'pauseOrchestration', orchestration })),
    ...dice.many(0, 2, (): Action => ({ at: soon(), do: 'resumeOrchestration', orchestration })),
    ...(dice.chance(0.3) ? [{ at: soon(), do: 'cancelOrchestration', orchestration } as const] : []),
  ];
}

function drawFaults(dice: Dice, swarm: Swarm, when: () => number): Action[] {
  const survives = (): Survives => dice.pick(['nothing', 'torn', 'all'] as const);
  const after = () => ({
    downMs: dice.pick([0, 1, 1000, 60_000, 600_000]),
    skewMs: swarm.skew ? dice.pick([0, 0, -5000, 3000, 3_600_000]) : 0,
  });
  const nth = () => dice.int(1, 60);
  return [
    ...dice.many(
      0,
      swarm.crashes ? 4 : 0,
      (): Action => ({ at: when(), do: 'crash', survives: survives(), ...after() }),
    ),
    ...dice.many(0, swarm.diskCrashes ? 4 : 0, (): Action => {
      const point = dice.pick(['before', 'unsynced', 'synced'] as const);
      return { at: 0, do: 'crashAtAppend', nth: nth(), point, survives: survives(), ...after() };
    }),
    ...dice.many(0, swarm.diskErrors ? 2 : 0, (): Action => {
      const how = dice.pick(['full', 'io'] as const);
      return {
        at: 0,
        do: 'failAtAppend',
        nth: nth(),
        how,
        rejects: dice.chance(0.5),
        survives: survives(),
        ...after(),
      };
    }),
    ...dice.many(0, swarm.twoHubs ? 2 : 0, () => drawTwoHubs(dice, when(), survives(), after().skewMs)).flat(),
    ...dice.many(0, swarm.clockSteps ? 3 : 0, (): Action => {
      return { at: when(), do: 'setClock', byMs: dice.pick([-3_600_000, -1000, -1, 1, 5000, 3_600_000]) };
    }),
  ];
}

/** A hub stands still while another takes over, which may be gone again before it has written anything. */
function drawTwoHubs(dice: Dice, at: number, survives: Survives, skewMs: number): Action[] {
  const ms = dice.pick([1000, 60_000, 600_000]);
  const standStill: Action = { at, do: 'standStill', ms, survives, skewMs };
  if (dice.chance(0.6)) return [standStill];
  return [standStill, { at: at + dice.int(1, 30), do: 'crash', survives: 'nothing', downMs: 2 * ms, skewMs: 0 }];
}
