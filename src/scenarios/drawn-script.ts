/**
 * What an agent did, read from a log, as a script that does it again.
 *
 * - Ds1 the steps are those that left a record, with the time between them as work: what an agent thought is not known.
 */
import type { HubRecord, RecordOf } from '../machines/messages.ts';
import type { Written } from './drawn-acts.ts';

type Steps = Written[];

/** A piece of a log that is about one agent, in order. */
type Log = readonly HubRecord[];

const talkEnds: ReadonlySet<string> = new Set([
  ...['answered', 'unavailable', 'expired', 'cancelled'].map((end) => `consultation.${end}`),
  ...['approved', 'rejected', 'expired', 'cancelled'].map((end) => `gate.${end}`),
]);

type Fields = { readonly [field: string]: unknown };

/** Puts down steps, and the time before each. */
class Pen {
  readonly steps: Steps = [];
  #at: number;

  constructor(at: number) {
    this.#at = at;
  }

  /** Nothing that takes time has to be done until then. */
  wait(at: number): void {
    this.#at = Math.max(this.#at, at);
  }

  write(at: number, step: Written, before: 'work' | 'deaf' = 'work'): void {
    if (at > this.#at) this.steps.push({ [before]: at - this.#at });
    this.#at = Math.max(this.#at, at);
    this.steps.push(step);
  }
}

/**
 * All that an agent did with one task, over all attempts at it.
 *
 * @param assignments each time that the agent got the task
 */
export function taskScript(log: Log, assignments: readonly RecordOf<'task.assigned'>[]): Steps {
  const attempts = assignments.map((assignment) => attemptAt(log, assignment));
  const last = attempts.pop();
  if (last === undefined) return [];
  const [first] = attempts;
  const failed = first?.steps.findLast((step) => 'fail' in step);
  if (first === undefined || failed === undefined) return last.steps;
  const { message } = failed.fail as { readonly message: string };
  const work = first.steps.find((step) => 'work' in step);
  const rest = last.steps[0] !== undefined && 'work' in last.steps[0] ? last.steps.slice(1) : last.steps;
  const times = Math.max(...assignments.slice(0, -1).map(({ payload }) => payload.attempt));
  return [...(work === undefined ? [] : [work]), { fail: { message, times } }, ...rest];
}

function attemptAt(log: Log, { seq, at, payload: { taskId, agentId } }: RecordOf<'task.assigned'>): Pen {
  const ended = endsOf(log);
  const pen = new Pen(at);
  const isMine = ({ from, payload }: HubRecord) =>
    from === agentId && (payload as Fields).taskId === taskId && (payload as Fields).lease === seq;
  const own = log.filter((record) => record.seq > seq && isMine(record));
  const over = nextFor(log, seq, taskId);
  const said = log.filter(
    (record) => record.seq > seq && record.seq < over && record.from === agentId && record.type === 'message.send',
  );
  let isOver = false;
  for (const record of [...own, ...said].sort((a, b) => a.seq - b.seq)) {
    const { type, payload } = record;
    const gap = record.seq > over ? 'deaf' : 'work';
    if (type === 'task.started') pen.wait(record.at);
    else if (type === 'task.progressed') {
      const { percent, note } = payload;
      pen.write(record.at, {
        progress: { ...(percent !== undefined && { percent }), ...(note !== undefined && { note }) },
      });
    } else if (type === 'message.send') {
      pen.write(record.at, { send: { to: record.to, type: payload.messageType, body: payload.body } });
    } else if (type === 'consultation.request') {
      const { specialistType, question, context, timeoutMs, ifNone, consultationId } = payload;
      pen.write(record.at, {
        consult: {
          type: specialistType,
          question,
          ...(context !== null && { context }),
          ...(timeoutMs !== undefined && { timeout: timeoutMs }),
          ...(ifNone !== 'wait' && { ifNone }),
        },
      });
      pen.wait(ended.get(consultationId)?.at ?? record.at);
    } else if (type === 'gate.open') {
      const end = ended.get(payload.gateId);
      const goesOn = own.some((other) => other.seq > record.seq && other.seq < (end?.seq ?? Number.POSITIVE_INFINITY));
      pen.write(record.at, gateStep(payload, !goesOn));
      if (!goesOn) pen.wait(end?.at ?? record.at);
    } else if (type === 'task.result') {
      const { quality, result } = payload;
      if (quality !== undefined) pen.write(record.at, { rate: quality }, gap);
      pen.write(record.at, { return: result }, gap);
      isOver = true;
    } else if (type === 'task.error') {
      const { error, retryable } = payload;
      pen.write(record.at, { fail: { message: error.message, ...(!retryable && { retry: false }) } }, gap);
      isOver = true;
    }
  }
  if (!isOver) {
    const beat = log.findLast((one) => one.type === 'agent.heartbeat' && one.from === agentId && one.seq < over);
    // A script shows life while it works, and only with more to do.
    if (beat !== undefined && beat.seq > seq) pen.write(beat.at + 1, { stall: true });
    else pen.steps.push({ stall: true });
  }
  return pen;
}

function gateStep({ reason, context, approvers, ladder }: RecordOf<'gate.open'>['payload'], waits: boolean): Written {
  return {
    escalate: {
      reason,
      ...(context !== null && { context }),
      ...(approvers !== undefined && { approvers }),
      ...(ladder.length > 0 && { ladder: ladder.map(({ afterMs, ...rung }) => ({ after: afterMs, ...rung })) }),
      ...(!waits && { wait: false }),
    },
  };
}

/** What an agent answered when it was asked for the first time; undefined when it never answered. */
export function answerScript(log: Log, agentId: string): Steps | undefined {
  for (const asked of log) {
    if (asked.type !== 'consultation.asked' || asked.payload.agentId !== agentId) continue;
    const { consultationId } = asked.payload;
    const answer = log.find(
      ({ seq, from, type, payload }) =>
        seq > asked.seq &&
        from === agentId &&
        (type === 'consultation.answer' || type === 'consultation.decline') &&
        payload.consultationId === consultationId,
    );
    if (answer === undefined) continue;
    const pen = new Pen(asked.at);
    const { answer: said, reason } = answer.payload as Fields;
    pen.write(answer.at, answer.type === 'consultation.answer' ? { return: said } : { decline: reason });
    return pen.steps;
  }
  return undefined;
}

/** How each consultation and each gate ended. */
function endsOf(log: Log): Map<unknown, HubRecord> {
  const ended = new Map<unknown, HubRecord>();
  for (const record of log) {
    if (!talkEnds.has(record.type)) continue;
    const { consultationId, gateId } = record.payload as Fields;
    ended.set(consultationId ?? gateId, record);
  }
  return ended;
}

const taskEnds: ReadonlySet<string> = new Set([
  'task.returned',
  'task.retried',
  'task.completed',
  'task.failed',
  'task.cancelled',
]);

/** Where the lease that began at `seq` was over. */
function nextFor(log: Log, seq: number, taskId: string): number {
  const end = log.find(
    (record) => record.seq > seq && taskEnds.has(record.type) && (record.payload as Fields).taskId === taskId,
  );
  return end?.seq ?? Number.POSITIVE_INFINITY;
}
