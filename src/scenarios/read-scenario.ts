/**
 * Reads scenario files, and refuses what could not run: with the file, the line, the path in it and what
 * was expected there.
 */
import { readYaml } from '../hub/yaml-text.ts';
import { machines } from '../machines/all.ts';
import { toJson } from '../machines/description.ts';
import { HubError } from '../machines/errors.ts';
import { slipOf } from '../machines/nearest.ts';
import { parse } from '../machines/parse.ts';
import { oneOfThese } from '../machines/shape-faults.ts';
import { type Scenario, scenarioSchema } from './schema.ts';

/**
 * @param text YAML or JSON
 * @param file what to call it in errors
 */
export function readScenario(text: string, file = 'scenario'): Scenario {
  const { value, lineOf } = readYaml(text, file);
  try {
    const scenario = parse(scenarioSchema, value);
    checkReferences(scenario);
    return scenario;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const { path = '', expected = '' } = error;
    const line = lineOf(path === '' ? [] : path.split('.'));
    throw new HubError('invalid', `${file}:${line}: ${error.message}`, { path, expected });
  }
}

function checkReferences(scenario: Scenario): void {
  const agents = unique(scenario.agents, 'agents');
  const tasks = unique(scenario.tasks, 'tasks');
  const orchestrations = unique(scenario.orchestrations, 'orchestrations');
  const schedules = unique(scenario.schedules, 'schedules');
  const types = new Set(scenario.agents.map(({ type }) => type));
  const agent = (id: string, path: string) => {
    if (!agents.has(id)) throw unknown('agent', id, path, agents);
  };
  const task = (id: string, path: string) => {
    if (!tasks.has(id)) throw unknown('task', id, path, tasks);
  };
  const schedule = (id: string, path: string) => {
    if (!schedules.has(id)) throw unknown('schedule', id, path, schedules);
  };
  const orchestration = (id: string, path: string) => {
    if (!orchestrations.has(id)) throw unknown('orchestration', id, path, orchestrations);
  };
  const type = (name: string, path: string) => {
    if (!types.has(name)) throw unknown('agent type', name, path, types);
  };
  /** Tasks of orchestrations and schedules have ids that begin with theirs. */
  const madeByHub = (id: string) =>
    [...orchestrations].some((one) => id.startsWith(`${one}.`)) ||
    [...schedules].some((one) => id.startsWith(`${one}:`));
  for (const [index, { requirements }] of scenario.tasks.entries()) {
    if (requirements.agentType !== undefined) type(requirements.agentType, `tasks.${index}.requirements.agentType`);
  }
  for (const [index, { task }] of scenario.schedules.entries()) {
    const { agentType } = task.requirements;
    if (agentType !== undefined) type(agentType, `schedules.${index}.task.requirements.agentType`);
  }
  for (const [index, { script, scripts, taskScripts, answers = [] }] of scenario.agents.entries()) {
    const all = { script, answers, ...prefixed('scripts', scripts), ...prefixed('taskScripts', taskScripts) };
    for (const [name, steps] of Object.entries(all)) {
      for (const [place, step] of steps.entries()) {
        const path = `agents.${index}.${name}.${place}`;
        if ('consult' in step) type(step.consult.type, `${path}.consult.type`);
        if ('send' in step && step.send.to !== 'hub') agent(step.send.to, `${path}.send.to`);
      }
    }
  }
  for (const [index, { gates }] of scenario.humans.entries()) {
    if (gates.agent !== undefined) agent(gates.agent, `humans.${index}.gates.agent`);
  }
  for (const [index, act] of scenario.acts.entries()) {
    const path = `acts.${index}`;
    if ('cancel' in act) task(act.cancel.task, `${path}.cancel.task`);
    if ('prioritise' in act) task(act.prioritise.task, `${path}.prioritise.task`);
    if ('pauseAgent' in act) agent(act.pauseAgent, `${path}.pauseAgent`);
    if ('resumeAgent' in act) agent(act.resumeAgent, `${path}.resumeAgent`);
    if ('unregister' in act) agent(act.unregister, `${path}.unregister`);
    if ('send' in act) agent(act.send.to, `${path}.send.to`);
    if ('pauseSchedule' in act) schedule(act.pauseSchedule, `${path}.pauseSchedule`);
    if ('resumeSchedule' in act) schedule(act.resumeSchedule, `${path}.resumeSchedule`);
    if ('unschedule' in act) schedule(act.unschedule, `${path}.unschedule`);
    if ('pauseOrchestration' in act) orchestration(act.pauseOrchestration, `${path}.pauseOrchestration`);
    if ('resumeOrchestration' in act) orchestration(act.resumeOrchestration, `${path}.resumeOrchestration`);
    if ('cancelOrchestration' in act) {
      orchestration(act.cancelOrchestration.orchestration, `${path}.cancelOrchestration.orchestration`);
    }
    if ('decide' in act && act.decide.gates.agent !== undefined)
      agent(act.decide.gates.agent, `${path}.decide.gates.agent`);
    if ('assign' in act) {
      task(act.assign.task, `${path}.assign.task`);
      agent(act.assign.agent, `${path}.assign.agent`);
    }
  }
  for (const [index, fault] of scenario.faults.entries()) {
    for (const [kind, of] of Object.entries(fault)) {
      if (typeof of === 'string') agent(of, `faults.${index}.${kind}`);
      else if (typeof of === 'object') agent(of.agent, `faults.${index}.${kind}.agent`);
    }
  }
  for (const [index, expectation] of scenario.expect.entries()) {
    const path = `expect.${index}`;
    if ('task' in expectation) {
      if (!madeByHub(expectation.task.id)) task(expectation.task.id, `${path}.task.id`);
      if (expectation.task.agent !== undefined) agent(expectation.task.agent, `${path}.task.agent`);
    }
    if ('reached' in expectation) state(expectation.reached, `${path}.reached.state`);
    if ('neverReached' in expectation) state(expectation.neverReached, `${path}.neverReached.state`);
    if ('orchestration' in expectation) orchestration(expectation.orchestration.id, `${path}.orchestration.id`);
    if ('startedInOrder' in expectation) {
      for (const [place, id] of expectation.startedInOrder.entries())
        if (!madeByHub(id)) task(id, `${path}.startedInOrder.${place}`);
    }
  }
}

/** Every state of every chart, and `broken` for a chart that threw, by the kind of actor that lives by it. */
const states: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(machines).map(([kind, machine]) => [
    kind,
    new Set(['broken', ...toJson(machine).states.map(({ path }) => path)]),
  ]),
);

function state({ actor, state: name }: { readonly actor: string; readonly state: string }, path: string): void {
  const [kind = ''] = actor.split(':', 1);
  const known = states.get(kind);
  if (known !== undefined && !known.has(name)) throw unknown(`${kind} state`, name, path, known);
}

const prefixed = <T>(field: string, scripts: { readonly [key: string]: T }): { [path: string]: T } =>
  Object.fromEntries(Object.entries(scripts).map(([key, steps]) => [`${field}.${key}`, steps]));

function unique(items: readonly { readonly id: string }[], path: string): Set<string> {
  const seen = new Set<string>();
  for (const [index, { id }] of items.entries()) {
    if (seen.has(id)) {
      throw new HubError('invalid', `${path}.${index}.id: ${id} is there twice`, {
        path: `${path}.${index}.id`,
        expected: 'an id of its own',
      });
    }
    seen.add(id);
  }
  return seen;
}

function unknown(what: string, id: string, path: string, known: ReadonlySet<string>): HubError {
  const expected = oneOfThese([...known]);
  const meant = slipOf(id, known);
  const help = meant === undefined ? `expected ${expected}` : `did you mean ${meant}?`;
  return new HubError('invalid', `${path}: there is no ${what} ${id}; ${help}`, { path, expected });
}
