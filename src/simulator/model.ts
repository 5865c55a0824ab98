/**
 * What a log says, told a second time and otherwise than the hub does: plain tables, no charts, none of its code.
 *
 * Does not own: how records change the tables; that is take.ts.
 */
import { configSchema, type HubConfig } from '../machines/config.ts';
import type { HubRecord, Payload, RecordOf } from '../machines/messages.ts';

export interface TaskFacts {
  readonly spec: Payload<'task.submit'>;
  readonly seq: number;
  readonly at: number;
  status: 'pending' | 'queued' | 'assigned' | 'running' | 'retrying' | 'completed' | 'failed' | 'cancelled';
  priority: number;
  holder: string | null;
  lease: number | null;
  attempts: number;
  avoid: string | null;
  /** A person took a late result for it. */
  accepted: boolean;
  /** How often it was taken back because the hub itself went away. */
  blameless: number;
  endedSeq: number | null;
}

export interface AgentFacts {
  spec: Payload<'agent.register'>;
  readonly tasks: Set<string>;
  answering: string | null;
  readonly consultations: Set<string>;
  readonly gates: Set<string>;
  readonly inbox: RecordOf<'message.send'>[];
  held: boolean;
  tripped: boolean;
  breaker: 'closed' | 'open' | 'halfOpen';
  lost: boolean;
  /** When a record last came from it or was about what it has, in ms since the epoch. */
  touchedAt: number;
}

export interface ConsultationFacts {
  readonly spec: Payload<'consultation.request'>;
  readonly from: string;
  readonly chain: readonly string[];
  specialist: string | null;
  lease: number | null;
}

export interface GateFacts {
  readonly spec: Payload<'gate.open'>;
  approvers: readonly string[] | null;
  rung: number;
  /** Whom it holds; null when its task has lost its agent, or there was none. */
  holds: string | null;
}

export interface Model {
  seq: number;
  at: number;
  /** How often the hub was started. */
  starts: number;
  /** When it was started last. */
  startedAt: number;
  life: 'recovering' | 'running' | 'paused' | 'draining' | 'stopped';
  config: HubConfig;
  /** Those of all starts; what was within the bounds of one may be there under the next. */
  readonly configs: HubConfig[];
  readonly byId: Map<string, HubRecord>;
  readonly tasks: Map<string, TaskFacts>;
  readonly agents: Map<string, AgentFacts>;
  /** Everybody who was ever registered. */
  readonly known: Set<string>;
  readonly consultations: Map<string, ConsultationFacts>;
  readonly endedConsultations: Map<string, string>;
  readonly gates: Map<string, GateFacts>;
  readonly closedGates: Map<string, string>;
  readonly letters: Map<number, RecordOf<'deadletter.added'>>;
  readonly orchestrations: Set<string>;
  /** Those of them that an operator has paused. */
  readonly paused: Set<string>;
  readonly endedOrchestrations: Map<string, string>;
  /** Orchestrations for which the planner is asked; after a restart it is asked again and has all of its time again. */
  readonly planning: Set<string>;
  /** Tasks at work, by type. */
  readonly running: Map<string, number>;
  /** When something is due, as far as the log alone says; by kind and subject. */
  readonly deadlines: Map<string, number>;
  readonly schedules: Map<
    string,
    { readonly spec: Payload<'schedule.create'>; nextAt: number | null; isPaused: boolean }
  >;
}

export const newModel = (): Model => ({
  seq: 0,
  at: 0,
  starts: 0,
  startedAt: 0,
  life: 'recovering',
  config: configSchema.parse({}),
  configs: [],
  byId: new Map(),
  tasks: new Map(),
  agents: new Map(),
  known: new Set(),
  consultations: new Map(),
  endedConsultations: new Map(),
  gates: new Map(),
  closedGates: new Map(),
  letters: new Map(),
  orchestrations: new Set(),
  paused: new Set(),
  endedOrchestrations: new Map(),
  planning: new Set(),
  running: new Map(),
  deadlines: new Map(),
  schedules: new Map(),
});

/** Whether the hub forgets tasks so soon that their ids and keys can come again. */
export const isForgetful = ({ configs }: Model): boolean => configs.some(({ keepFinished }) => keepFinished < 1000);

export const isOver = ({ status }: TaskFacts): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

export const isHeld = ({ held, tripped, gates }: AgentFacts): boolean => held || tripped || gates.size > 0;

/** Whether it has nothing to do and nothing holds it. */
export const isIdle = (agent: AgentFacts): boolean =>
  !agent.lost && !isHeld(agent) && agent.consultations.size === 0 && agent.answering === null && agent.tasks.size === 0;

/** Whether it may be given a task. */
export const mayTakeTask = (agent: AgentFacts): boolean =>
  isIdle(agent) ||
  (!agent.lost &&
    !isHeld(agent) &&
    agent.answering === null &&
    agent.breaker === 'closed' &&
    agent.tasks.size < agent.spec.concurrency &&
    agent.spec.concurrency > 1);

/** Whether it is at work while a question waits that it could answer, and will be idle as far as anybody knows. */
export const isKept = ({ consultations }: Model, agent: AgentFacts): boolean => {
  const { agentId, type, answers } = agent.spec;
  if (!answers || isIdle(agent)) return false;
  const waiting = [...consultations.values()].filter(({ specialist }) => specialist === null);
  return (
    waiting.some(({ spec, chain }) => spec.specialistType === type && !chain.includes(agentId)) &&
    !waiting.some(({ spec }) => agent.consultations.has(spec.consultationId))
  );
};

export const isAble = (
  { taskTypes, type, capabilities, languages, specialisations }: AgentFacts['spec'],
  { requirements: needed, type: taskType }: TaskFacts['spec'],
): boolean =>
  (taskTypes.length === 0 || taskTypes.includes(taskType)) &&
  (needed.agentType === undefined || needed.agentType === type) &&
  needed.capabilities.every((one) => capabilities.includes(one)) &&
  needed.languages.every((one) => languages.includes(one)) &&
  needed.specialisations.every((one) => specialisations.includes(one));

/** Whether it waits in the queue for an agent: one of an orchestration that is paused waits outside of it. */
export const isWaiting = ({ paused }: Model, { status, spec }: TaskFacts): boolean =>
  status === 'queued' && !paused.has(spec.orchestrationId ?? '');

/** Where a task stands in the queue: higher first. */
function rankOf({ config }: Model, { priority, spec, at }: TaskFacts): number {
  const { everyMs } = config.aging;
  return everyMs === undefined ? priority : priority - Math.max(at, spec.startAt ?? 0) / everyMs;
}

export const goesBefore = (model: Model, a: TaskFacts, b: TaskFacts): boolean => {
  const [first, second] = [rankOf(model, a), rankOf(model, b)];
  return first > second || (first === second && a.seq < b.seq);
};
