/** A plan as a scenario file, where the scenario format can say it: then `xstate-hub run` plays it, too. */
import { type Scenario, scenarioSchema } from '../scenarios/schema.ts';
import type { Action, Plan } from './plan.ts';

/** Undefined when the plan has what no scenario can say: crashes of the hub, faults of its disk, odd agents, forged input. */
export function toScenario(plan: Plan): Scenario | undefined {
  const { actions, humans, router, planner, broken, configs, appendMs, observers, seed, forMs } = plan;
  const agents: unknown[] = [];
  const tasks: unknown[] = [];
  const schedules: unknown[] = [];
  const orchestrations: unknown[] = [];
  const acts: unknown[] = [];
  const isPlain =
    router !== 'rogue' &&
    planner === 'rules' &&
    broken === null &&
    configs.length === 1 &&
    appendMs.every((ms) => ms === 0) &&
    observers.listeners === 'none' &&
    humans.every(({ shown, clicks }) => shown === 'right' && clicks === 1);
  if (!isPlain) return undefined;
  for (const action of actions) {
    if (action.do === 'register') {
      const { profile, behaviours, answers } = action.agent;
      const [script, ...others] = behaviours;
      const [answer, ...otherAnswers] = answers ?? [];
      if (others.length + otherAnswers.length > 0 || action.at > 10 || typeof script === 'string') return undefined;
      if (typeof answer === 'string') return undefined;
      const { heartbeatMs, ...said } = profile;
      agents.push({
        ...said,
        script,
        ...(answer && { answers: answer }),
        ...(heartbeatMs && { heartbeat: heartbeatMs }),
      });
    } else if (action.do === 'submit') {
      const { metadata = {}, ...task } = action.task;
      const { timeoutMs, delayMs, ...others } = metadata;
      const times = { ...(timeoutMs && { timeout: timeoutMs }), ...(delayMs && { delay: delayMs }) };
      tasks.push({ at: action.at, id: `task-${tasks.length + 1}`, ...task, metadata: { ...others, ...times } });
    } else if (action.do === 'schedule') {
      const { everyMs, startAt: _startAt, ...schedule } = action.schedule;
      schedules.push({ at: action.at, ...schedule, ...(everyMs && { every: everyMs }) });
    } else if (action.do === 'orchestrate') orchestrations.push({ at: action.at, ...action.orchestration });
    else {
      const act = toAct(action);
      if (act === undefined) return undefined;
      acts.push({ at: action.at, ...act });
    }
  }
  const said = humans.map(({ id, decision, afterMs, choice }) => ({
    id,
    decision,
    after: afterMs,
    ...(choice && { choice }),
  }));
  const parsed = scenarioSchema.safeParse({
    name: `seed-${seed}`,
    description: `Shortened from what the simulator drew from seed ${seed}.`,
    seed,
    agents,
    humans: said,
    router,
    config: configs[0] ?? {},
    tasks,
    schedules,
    orchestrations,
    until: forMs,
    acts,
  });
  return parsed.success ? parsed.data : undefined;
}

/** What an operator does, in the words of a scenario. */
function toAct(action: Action): object | undefined {
  switch (action.do) {
    case 'cancel':
      return { cancel: { task: action.task } };
    case 'prioritise':
      return { prioritise: { task: action.task, priority: action.priority } };
    case 'assign':
      return { assign: { task: action.task, agent: action.agent } };
    case 'pauseAgent':
      return { pauseAgent: action.agent };
    case 'resumeAgent':
      return { resumeAgent: action.agent };
    case 'unregister':
      return { unregister: action.agent };
    case 'send':
      return { send: { to: action.to, type: action.type } };
    case 'pause':
      return { pause: true };
    case 'resume':
      return { resume: true };
    case 'drain':
      return { drain: true };
    case 'unschedule':
      return { unschedule: action.schedule };
    case 'pauseSchedule':
      return { pauseSchedule: action.schedule };
    case 'resumeSchedule':
      return { resumeSchedule: action.schedule };
    case 'pauseOrchestration':
      return { pauseOrchestration: action.orchestration };
    case 'resumeOrchestration':
      return { resumeOrchestration: action.orchestration };
    case 'cancelOrchestration':
      return { cancelOrchestration: { orchestration: action.orchestration } };
    default:
      return undefined;
  }
}
