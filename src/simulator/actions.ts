/** What clients and operators do to a hub, and what they hear of it. */
import type { Hub } from '../hub/hub.ts';
import type { TaskInput } from '../hub/task-input.ts';
import { HubError } from '../machines/errors.ts';
import { badInputs } from './bad-inputs.ts';
import { asJson, definitionOf } from './crew.ts';
import { type Command, endOf, type Recorder } from './history.ts';
import type { Life } from './life.ts';
import type { Action, ActionOf, PlannedAgent } from './plan.ts';
import type { Witness } from './witness.ts';

/** A hub that can be talked to. */
export interface Running {
  readonly hub: Hub;
  readonly life: Life;
  readonly witness: Witness;
}

export interface Desk {
  readonly recorder: Recorder;
  /** Who is registered, or believes so. */
  readonly team: Map<string, PlannedAgent>;
  /** Something went wrong that no hub may do. */
  readonly complain: (invariant: string, why: string) => void;
}

/** Says something to a hub. What it refuses is refused; anything but a refusal is a fault. */
export function perform(action: Action, running: Running, desk: Desk): void {
  const tolerate = (error: unknown) => {
    if (!running.life.isDead && !(error instanceof HubError)) {
      desk.complain('Dk1', `${action.do} threw ${String(error)}, which is no HubError`);
    }
  };
  try {
    const answer = act(action, running, desk);
    if (answer instanceof Promise) answer.catch(tolerate);
  } catch (error) {
    tolerate(error);
  }
}

function act(action: Action, running: Running, desk: Desk): unknown {
  const { hub } = running;
  switch (action.do) {
    case 'submit':
      return submit(action.task, running, desk);
    case 'cancel':
      return hub.cancel(action.task);
    case 'prioritise':
      return hub.prioritise(action.task, action.priority);
    case 'assign':
      return hub.assign(action.task, action.agent);
    case 'dequeue':
      return hub.dequeue(action.agent);
    case 'register':
      return register(action.agent, running, desk);
    case 'unregister':
      desk.team.delete(action.agent);
      return hub.unregister(action.agent);
    case 'pauseAgent':
      return hub.pauseAgent(action.agent);
    case 'resumeAgent':
      return hub.resumeAgent(action.agent);
    case 'reportLost':
      return hub.reportLost(action.agent);
    case 'heartbeat':
      return hub.as(action.agent).heartbeat();
    case 'escalate':
      return escalate(action, running);
    case 'consultAs':
      return consultAs(action, running);
    case 'sendAs':
      return said(desk, running, 'send', action.to, { from: action.agent, type: action.type }, () =>
        hub.as(action.agent).send({ to: action.to, type: action.type }),
      );
    case 'send':
      return said(desk, running, 'send', action.to, { from: 'hub', type: action.type }, () =>
        hub.send({ to: action.to, type: action.type }),
      );
    case 'replayLetters':
      return Promise.all(
        hub
          .deadLetters()
          .filter(({ messageType }) => messageType === 'message.send')
          .map(({ letterSeq }) => hub.replayDeadLetter(letterSeq)),
      );
    case 'purgeLetters':
      return hub.purgeDeadLetters();
    case 'acceptLate':
      for (const { letterSeq, messageType } of hub.deadLetters()) {
        if (messageType === 'task.result') hub.acceptLateResult(letterSeq, action.by);
      }
      return;
    case 'decideLate': {
      const [gateId] = Object.keys(hub.picture().closedGates);
      return gateId === undefined
        ? undefined
        : decide(gateId, { decision: 'approve', by: action.by }, running, desk.recorder);
    }
    case 'pause':
      return hub.pause();
    case 'resume':
      return hub.resume();
    case 'drain':
      return hub.drain();
    case 'stop':
      return hub.stop();
    case 'project':
      return hub.updateProject({ phase: action.phase, metadata: { note: action.metadata } });
    case 'schedule':
      return hub.schedule(action.schedule);
    case 'unschedule':
      return hub.unschedule(action.schedule);
    case 'pauseSchedule':
      return hub.pauseSchedule(action.schedule);
    case 'resumeSchedule':
      return hub.resumeSchedule(action.schedule);
    case 'orchestrate':
      return orchestrate(action, running, desk);
    case 'pauseOrchestration':
      return hub.pauseOrchestration(action.orchestration);
    case 'resumeOrchestration':
      return hub.resumeOrchestration(action.orchestration);
    case 'cancelOrchestration':
      return hub.cancelOrchestration(action.orchestration);
    case 'forge':
      return forge(action.which, running, desk);
    default:
      return undefined; // What happens to the hub, and not in it, is the world's.
  }
}

const codeOf = (error: unknown): string => (error instanceof HubError ? error.code : String(error));

function submit(task: TaskInput, running: Running, { recorder }: Desk): void {
  const { hub, life, witness } = running;
  const call = recorder.invoke({ command: 'submit', id: task.id ?? '', value: asJson(task), ...placeOf(running) });
  const fail = (error: unknown) => {
    if (!life.isDead) recorder.end(call, endOf(error), witness.durable, { value: codeOf(error) });
  };
  try {
    const { id, accepted, result } = hub.submit(task);
    accepted.then(() => {
      if (!life.isDead) recorder.end(call, 'ok', witness.durable, { id });
    }, fail);
    result.then(
      (outcome) => witness.saw({ kind: 'settled', what: 'task', id, outcome: asJson(outcome) }),
      () => {},
    );
  } catch (error) {
    fail(error);
    throw error;
  }
}

function orchestrate({ orchestration }: ActionOf<'orchestrate'>, running: Running, { recorder }: Desk): void {
  const { hub, life, witness } = running;
  const { id = '' } = orchestration;
  const call = recorder.invoke({ command: 'orchestrate', id, value: asJson(orchestration), ...placeOf(running) });
  const fail = (error: unknown) => {
    if (!life.isDead) recorder.end(call, endOf(error), witness.durable, { value: codeOf(error) });
  };
  try {
    const handle = hub.orchestrate(orchestration);
    handle.accepted.then(() => {
      if (!life.isDead) recorder.end(call, 'ok', witness.durable, { id: handle.id });
    }, fail);
    handle.result.then(
      ({ status }) => witness.saw({ kind: 'settled', what: 'orchestration', id: handle.id, outcome: { status } }),
      () => {},
    );
  } catch (error) {
    fail(error);
    throw error;
  }
}

/** Decides a gate, and takes down what became of it. */
export function decide(
  gateId: string,
  decision: Parameters<Hub['decideGate']>[1],
  running: Running,
  recorder: Recorder,
): Promise<void> {
  const { hub, life, witness } = running;
  const call = recorder.invoke({ command: 'decide', id: gateId, value: asJson(decision), ...placeOf(running) });
  return hub.decideGate(gateId, decision).then(
    () => {
      if (!life.isDead) recorder.end(call, 'ok', witness.durable);
    },
    (error) => {
      if (!life.isDead) recorder.end(call, endOf(error), witness.durable, { value: codeOf(error) });
      throw error;
    },
  );
}

async function said(
  { recorder }: Desk,
  running: Running,
  command: Command,
  to: string,
  value: { readonly from: string; readonly type: string },
  say: () => Promise<{ readonly seq: number; readonly status: string }>,
): Promise<void> {
  const { life, witness } = running;
  const call = recorder.invoke({ command, id: to, value, ...placeOf(running) });
  try {
    const { seq, status } = await say();
    if (!life.isDead) recorder.end(call, 'ok', witness.durable, { value: { seq, status } });
  } catch (error) {
    if (!life.isDead) recorder.end(call, endOf(error), witness.durable, { value: codeOf(error) });
    throw error;
  }
}

function escalate({ agent, ladder }: ActionOf<'escalate'>, { hub, witness }: Running): void {
  const handle = hub.escalate('is this as it should be?', { asked: 'by an operator' }, {
    ladder,
    ...(agent !== undefined && { agentId: agent }),
  } as Parameters<Hub['escalate']>[2]);
  handle.outcome.then(
    ({ status }) => witness.saw({ kind: 'settled', what: 'gate', id: handle.id, outcome: { status } }),
    () => {},
  );
}

function consultAs({ agent, type, timeoutMs }: ActionOf<'consultAs'>, { hub }: Running): Promise<unknown> {
  return hub
    .as(agent)
    .consult(type, 'what do you say?', null, timeoutMs === undefined ? { ifNone: 'refuse' } : { timeoutMs });
}

/** An agent says who it is; if the hub knows it already, it was there. */
export function register(agent: PlannedAgent, { hub, life, witness }: Running, { team }: Pick<Desk, 'team'>): void {
  team.set(agent.profile.id, agent);
  hub.register(definitionOf(agent, life, witness));
}

function forge(which: number, running: Running, { complain }: Desk): void {
  const { hub, life, witness } = running;
  const attempt = badInputs[which % badInputs.length];
  const before = hub.actor.getSnapshot().context.seq;
  const judge = (error: unknown) => {
    if (life.isDead || error instanceof RangeError) return;
    const isRefusal = error instanceof HubError && error.code !== 'internal';
    if (!isRefusal) complain('edges', `bad input ${which % badInputs.length} was met with ${String(error)}`);
  };
  witness.count('forged');
  try {
    const answer = attempt?.(hub);
    if (answer instanceof Promise) answer.then(() => judge('a promise that was kept'), judge);
    else judge('an answer');
  } catch (error) {
    judge(error);
  }
  if (hub.actor.getSnapshot().context.seq !== before)
    complain('edges', `bad input ${which % badInputs.length} stands in the log`);
}

const placeOf = ({ life, witness }: Running) => ({ life: life.number, durable: witness.durable });
