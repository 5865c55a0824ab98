/** What the hub can do about agents. */
import type { AnyActorLogic } from 'xstate';
import { z } from 'zod';
import { type Answer, createDriver, type Driver, type DriverOptions, type Run } from '../actors/create-driver.ts';
import type { AgentContext } from '../actors/driver.ts';
import type { Environment } from '../actors/environment.ts';
import { HubError } from '../machines/errors.ts';
import { admitJson } from '../machines/json.ts';
import { type PayloadInput, payloadSchemas, reservedIds } from '../machines/messages.ts';
import { parse, refuseUnknown } from '../machines/parse.ts';
import { knownFields } from '../machines/shape-faults.ts';
import type { AgentStatus } from '../machines/status.ts';
import { type Desk, isClient, refusal } from './desk.ts';
import { draft } from './door.ts';
import { fieldsOf, idOf } from './given.ts';
import type { AgentEntry } from './registry.ts';
import { type AgentView, viewAgent, viewNewAgent } from './views.ts';

/** An agent as it is registered. */
export interface AgentDefinition {
  readonly id: string;
  readonly type: string;
  /** For people. */
  readonly name?: string;
  readonly modelFamily?: string;
  /** The only types of tasks that it takes. Default: any. */
  readonly taskTypes?: readonly string[];
  readonly capabilities?: readonly string[];
  readonly languages?: readonly string[];
  readonly specialisations?: readonly string[];
  /** How many tasks it can have at once. Default: 1. */
  readonly concurrency?: number;
  /** Longest silence while it has work, in ms; then the work goes back to the queue. Default: no limit. */
  readonly heartbeatMs?: number;
  /** What it does with a task: an async function, XState actor logic, or a script. Without it, it gets no tasks. */
  readonly run?: Run;
  /** What it answers as a specialist, in the same forms. Without it, it is never asked. */
  readonly answer?: Answer;
}

/** Which agents: those that are all of what is asked. */
export interface AgentQuery {
  readonly type?: string;
  readonly status?: AgentStatus;
  /** One that takes tasks of this type. */
  readonly taskType?: string;
  readonly capability?: string;
  readonly language?: string;
  readonly specialisation?: string;
  /** Tasks that it has, as a share of what it can have; 0 to 1. */
  readonly maxLoad?: number;
  /** 0 to 1. */
  readonly minSuccessRate?: number;
}

const querySchema = z.object({
  type: z.string().optional(),
  status: z.string().optional(),
  taskType: z.string().optional(),
  capability: z.string().optional(),
  language: z.string().optional(),
  specialisation: z.string().optional(),
  maxLoad: z.number().optional(),
  minSuccessRate: z.number().optional(),
});

/** The fields of a definition: in the message, `id` is called otherwise, and what is a driver is not there. */
const definitionFields = new Map(
  ['id', ...knownFields(payloadSchemas['agent.register']).keys(), 'run', 'answer']
    .filter((name) => !['agentId', 'answers', 'works'].includes(name))
    .map((name) => [name, []]),
);

export type AgentCommands = ReturnType<typeof agentCommands>;

export const agentCommands = (desk: Desk) => ({
  /**
   * Adds an agent. The same id again is a `duplicate`, unless the hub has lost that agent: then it is back.
   * `busy` when there are `maxAgents` already.
   */
  register(definition: AgentDefinition): AgentView {
    const { id, run, answer, ...profile } = fieldsOf(definition, 'the definition of an agent');
    if (reservedIds.has(id) || (typeof id === 'string' && isClient(id))) {
      throw new HubError('invalid', `"${id}" is a name of the hub's own`, { path: 'id', expected: 'another id' });
    }
    idOf(id, 'id');
    refuseUnknown(profile, definitionFields);
    if (run !== undefined || answer === undefined) refuseNoDriver('run', run);
    if (answer !== undefined) refuseNoDriver('answer', answer);
    const { environment, kernel, refuseUnknownType, runner } = desk.parts;
    const driver = driverOf({ run, answer, heartbeatMs: profile.heartbeatMs }, environment);
    const abilities = { answers: answer !== undefined, ...(run === undefined && { works: false }) };
    const payload = { ...profile, agentId: id, ...abilities } as PayloadInput<'agent.register'>;
    const message = draft(desk.speaker, 'hub', 'agent.register', payload);
    desk.take(() => {
      const { agents, config } = desk.state;
      refuseUnknownType(profile.type);
      const known = agents.get(id)?.actor.getSnapshot().value;
      if (known !== undefined && known !== 'unreachable') {
        throw refusal('duplicate', `agent ${id} is registered already`, 'id');
      }
      if (known === undefined && agents.size >= config.maxAgents) {
        throw refusal('busy', `there are ${config.maxAgents} agents, and no more are taken`);
      }
      runner.bind(id, driver);
      return message;
    });
    const entry = desk.state.agents.get(id);
    return entry === undefined ? viewNewAgent(message.payload as AgentEntry['spec'], kernel.now()) : viewAgent(entry);
  },

  /** Removes an agent. Its task goes back to the queue; its questions and gates end with the reason. */
  unregister(agentId: string, reason = 'unregistered'): void {
    desk.command('agent.unregister', { agentId, reason }, () => desk.agent(agentId));
  },

  /** Says that an agent is gone without a word: its work goes back to the queue, and any sign of life brings it back. */
  reportLost(agentId: string, reason = 'lost'): void {
    desk.command('agent.lost', { agentId, reason }, () => desk.agent(agentId));
  },

  /** Says in the log that something goes wrong with an agent on purpose, and changes nothing: for simulations and tests. */
  noteFault(fault: PayloadInput<'fault.injected'>): void {
    desk.command('fault.injected', fault, () => desk.agent(fault.agentId));
  },

  /** No new work for this agent; what it has goes on. */
  pauseAgent(agentId: string, reason = 'paused'): void {
    desk.command('agent.pause', { agentId, reason }, () => desk.agent(agentId));
  },

  resumeAgent(agentId: string): void {
    desk.command('agent.resume', { agentId }, () => desk.agent(agentId));
  },

  agent(agentId: string): AgentView | undefined {
    const entry = desk.state.agents.get(agentId);
    return entry && viewAgent(entry);
  },

  /** The agents that are all of what is asked; those with the best record first when the query is about that. */
  agents(query: AgentQuery = {}): AgentView[] {
    const asked = parse(querySchema, admitJson(query)) as AgentQuery;
    const { type, minSuccessRate } = asked;
    const entries = type === undefined ? desk.state.agents.all() : desk.state.agents.ofType(type);
    const found = [...entries].map(viewAgent).filter((agent) => fits(agent, asked));
    if (minSuccessRate === undefined) return found;
    return found.sort((a, b) => b.performance.successRate - a.performance.successRate);
  },

  /**
   * Speaks for an agent that is driven by hand, without a task: send, consult, escalate, read its inbox.
   */
  as(agentId: string): Omit<AgentContext, 'progress' | 'rate'> {
    desk.agent(agentId);
    return desk.parts.runner.contextFor({ agentId, signal: new AbortController().signal }).context;
  },
});

function fits(agent: AgentView, query: AgentQuery): boolean {
  const { status, taskType, capability, language, specialisation, maxLoad, minSuccessRate } = query;
  return (
    (status === undefined || agent.status === status) &&
    (taskType === undefined || agent.taskTypes.length === 0 || agent.taskTypes.includes(taskType)) &&
    (capability === undefined || agent.capabilities.includes(capability)) &&
    (language === undefined || agent.languages.includes(language)) &&
    (specialisation === undefined || agent.specialisations.includes(specialisation)) &&
    (maxLoad === undefined || agent.load <= maxLoad) &&
    (minSuccessRate === undefined || agent.performance.successRate >= minSuccessRate)
  );
}

/** Even to look at what is foreign can throw. */
function driverOf(options: DriverOptions, environment: Environment): Driver {
  try {
    return createDriver(options, environment);
  } catch (cause) {
    if (cause instanceof HubError) throw cause;
    throw new HubError('invalid', 'run: it cannot be read', { path: 'run', expected: 'a driver', cause });
  }
}

function refuseNoDriver(path: string, given: unknown): void {
  try {
    if (typeof given === 'function' || Array.isArray(given)) return;
    if (typeof (given as AnyActorLogic).transition === 'function') return;
  } catch {
    // It cannot even be looked at.
  }
  const expected = 'a function, actor logic or a script';
  throw new HubError('invalid', `${path}: expected ${expected}`, { path, expected });
}
