/** What happens in a scenario, and when: tasks and schedules arrive, an operator acts, things go wrong. */

import type { Hub } from '../hub/hub.ts';
import type { OrchestrationInput } from '../hub/orchestration-commands.ts';
import type { ScheduleInput } from '../hub/schedule-commands.ts';
import type { TaskInput } from '../hub/task-input.ts';
import type { HubRecord } from '../machines/messages.ts';
import { decideOldest, ignoreRefusal } from './cast.ts';
import type { Faults } from './faults.ts';
import type { Scenario } from './schema.ts';
import type { Simulation } from './simulation.ts';

type Given = Pick<Scenario['tasks'][number], 'metadata' | 'requirements'>;

/** What has happened of a run already. */
export interface Course {
  /** When it began, in ms since the epoch. */
  readonly start: number;
  readonly past: readonly HubRecord[];
}

/** What was submitted does not come again. Other acts of the very moment at which the run was interrupted may. */
export function unfold(
  scenario: Scenario,
  { hub, environment }: Simulation,
  faults: Faults,
  { start, past }: Course,
): void {
  const known = new Set(past.map(subjectOf));
  const isNew =
    (kind: string) =>
    ({ id }: { readonly id: string }) =>
      !known.has(`${kind} ${id}`);
  const elapsed = environment.now() - start;
  const isAhead = ({ at: when }: { readonly at: number }) => when >= elapsed;
  const at = (ms: number, act: () => void) => {
    const tolerated = () => {
      try {
        act();
      } catch (error) {
        ignoreRefusal(error);
      }
    };
    if (ms <= elapsed) tolerated();
    else environment.wakeAt(start + ms, tolerated);
  };
  for (const { at: when, ...task } of scenario.tasks.filter(isNew('task')))
    at(when, () => hub.submit(defined({ ...task, ...asInput(task) }) as TaskInput));
  for (const { at: when, every, task, ...schedule } of scenario.schedules.filter(isNew('schedule'))) {
    const input = { ...schedule, everyMs: every, task: defined({ ...task, ...asInput(task) }) };
    at(when, () => hub.schedule(defined(input) as ScheduleInput));
  }
  for (const { at: when, ...orchestration } of scenario.orchestrations.filter(isNew('orchestration'))) {
    at(when, () => hub.orchestrate(defined(orchestration) as OrchestrationInput));
  }
  for (const act of scenario.acts.filter(isAhead)) at(act.at, () => perform(act, hub));
  for (const fault of scenario.faults.filter(isAhead)) {
    const { at: when, ...what } = fault;
    at(when, () => faults.inject(what, hub));
  }
}

/** What came in with a record: a task, a schedule or an orchestration. */
function subjectOf({ type, payload }: HubRecord): string | undefined {
  if (type === 'task.submit') return `task ${payload.taskId}`;
  if (type === 'schedule.create') return `schedule ${payload.scheduleId}`;
  return type === 'orchestration.request' ? `orchestration ${payload.orchestrationId}` : undefined;
}

/** What is left out in a file is left out in the input. */
const asInput = ({ metadata: { timeout, delay, ...metadata }, requirements }: Given) =>
  defined({
    metadata: defined({ ...metadata, timeoutMs: timeout, delayMs: delay }),
    requirements: defined(requirements),
  }) as Pick<TaskInput, 'metadata' | 'requirements'>;

const defined = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

function perform(act: Scenario['acts'][number], hub: Hub): void {
  if ('cancel' in act) hub.cancel(act.cancel.task, act.cancel.reason);
  else if ('prioritise' in act) hub.prioritise(act.prioritise.task, act.prioritise.priority);
  else if ('assign' in act) hub.assign(act.assign.task, act.assign.agent);
  else if ('pauseAgent' in act) hub.pauseAgent(act.pauseAgent);
  else if ('resumeAgent' in act) hub.resumeAgent(act.resumeAgent);
  else if ('unregister' in act) hub.unregister(act.unregister);
  else if ('send' in act) hub.send(act.send).catch(ignoreRefusal);
  else if ('project' in act) hub.updateProject(defined(act.project));
  else if ('pauseSchedule' in act) hub.pauseSchedule(act.pauseSchedule);
  else if ('resumeSchedule' in act) hub.resumeSchedule(act.resumeSchedule);
  else if ('unschedule' in act) hub.unschedule(act.unschedule);
  else if ('pauseOrchestration' in act) hub.pauseOrchestration(act.pauseOrchestration);
  else if ('resumeOrchestration' in act) hub.resumeOrchestration(act.resumeOrchestration);
  else if ('cancelOrchestration' in act) {
    hub.cancelOrchestration(act.cancelOrchestration.orchestration, act.cancelOrchestration.reason);
  } else if ('acceptLateResult' in act) acceptLateResult(act.acceptLateResult, hub);
  else if ('decide' in act) decideOldest(act.decide, hub);
  else if ('pause' in act) hub.pause();
  else if ('resume' in act) hub.resume();
  else hub.drain().catch(ignoreRefusal);
}

function acceptLateResult({ task, by }: { readonly task: string; readonly by: string }, hub: Hub): void {
  const letter = hub
    .deadLetters()
    .find(
      ({ messageType, payload }) => messageType === 'task.result' && (payload as { taskId: string }).taskId === task,
    );
  if (letter !== undefined) hub.acceptLateResult(letter.letterSeq, by);
}
