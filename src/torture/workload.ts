/**
 * A hub on a SQLite file with all that there is to do: agents that work, fail, ask, write and wait for people; people
 * who click twice; a client who submits, and says again what may not have been heard.
 *
 * - Wl1 every call and every effect is noted before anything else happens.
 */
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { AgentContext, AssignedTask } from '../actors/driver.ts';
import { type SqliteStore, sqliteStore } from '../actors/sqlite-store.ts';
import { createHub } from '../hub/create-hub.ts';
import type { Hub } from '../hub/hub.ts';
import type { TaskInput } from '../hub/task-input.ts';
import { contentHash } from '../machines/hash.ts';
import type { Json } from '../machines/json.ts';
import type { Notebook } from './notebook.ts';

export interface WorkloadOptions {
  readonly path: string;
  /** Tasks whose acknowledgement nobody heard: they are submitted once more, under the same keys. */
  readonly again: readonly number[];
  /** The first new task, and how many there are. */
  readonly from: number;
  readonly tasks: number;
  /** Most tasks that are open at once. */
  readonly atOnce: number;
  /** Between two submissions, in ms. */
  readonly paceMs: number;
  /** Lets everything end, and stops. Else it waits for its fate. */
  readonly drains: boolean;
  readonly leaseMs: number;
}

const config = { retry: { maxAttempts: 5, backoffMs: 2, jitter: 0 } };
const crew = ['dev-1', 'dev-2', 'dev-3', 'dev-4'];

/** Resolves when all is done. Rejects when the hub does not open, or fails. */
export async function work(options: WorkloadOptions, notes: Notebook): Promise<void> {
  const { path, leaseMs, again, from, tasks } = options;
  const { life } = notes;
  const hub = await createHub({ project: 'torture', store: noted(sqliteStore({ path, leaseMs }), notes), config });
  notes.say({
    say: 'open',
    life,
    seq: hub.actor.getSnapshot().context.seq,
    picture: contentHash(hub.picture()),
  });
  hub.on('*', ({ seq }) => notes.saw({ kind: 'heard', seq }));
  const failed = hub.stopped.catch((error) => {
    notes.effect({ kind: 'failed', life });
    throw error;
  });
  failed.catch(() => {}); // It is awaited below, when there is nothing else to do.
  for (const id of crew)
    hub.register({ id, type: 'dev', concurrency: 2, run: (task, context) => run(task, context, notes) });
  hub.register({
    id: 'expert',
    type: 'expert',
    run: () => 'nothing',
    answer(question) {
      notes.saw({ kind: 'answer', agentId: 'expert', consultationId: question.id });
      return { heard: question.question };
    },
  });
  for (const { id } of hub.gates()) decide(id, hub, notes);
  hub.on('gate.open', ({ payload }) => decide(payload.gateId, hub, notes));

  const numbers = [...again, ...Array.from({ length: tasks }, (_, index) => from + index)];
  await Promise.race([failed, submitAll(numbers, options, hub, notes)]);
  if (options.drains) await hub.drain();
  await failed;
  await nextTurn(); // Whoever waits for an outcome hears of it before the end.
}

/** A store that notes what it has written. */
function noted(store: SqliteStore, notes: Notebook): SqliteStore {
  let hasBegun = false;
  return {
    ...store,
    async append(expectedSeq, records) {
      if (!hasBegun) {
        hasBegun = true;
        notes.durable = expectedSeq;
        notes.effect({ kind: 'began', life: notes.life, recovered: expectedSeq });
      }
      await store.append(expectedSeq, records);
      const last = records.at(-1);
      if (last === undefined) return;
      notes.durable = last.seq;
      notes.effect({ kind: 'wrote', life: notes.life, fromSeq: expectedSeq + 1, toSeq: last.seq, lastId: last.id });
    },
  };
}

async function submitAll(
  numbers: readonly number[],
  { atOnce, paceMs }: WorkloadOptions,
  hub: Hub,
  notes: Notebook,
): Promise<void> {
  const open = new Set<Promise<void>>();
  for (const number of numbers) {
    while (open.size >= atOnce) await Promise.race(open);
    const ended: Promise<void> = submit(number, hub, notes).then(() => {
      open.delete(ended);
    });
    open.add(ended);
    if (paceMs > 0) await wait(paceMs);
  }
  await Promise.all(open);
}

const tooLong = 'a longer text takes more pages of the file; '.repeat(50);

/** Resolves when the outcome is known, or never will be. */
async function submit(number: number, hub: Hub, notes: Notebook): Promise<void> {
  const task: TaskInput = {
    id: `t-${number}`,
    type: number % 3 === 0 ? 'build' : 'review',
    payload: `task ${number}${number % 20 === 0 ? `: ${tooLong}` : ''}`,
    metadata: { priority: number % 4 === 0 ? 'high' : 'normal' },
    requirements: { agentType: 'dev' },
    idempotencyKey: `key-${number}`,
  };
  const call = notes.invoke('submit', `t-${number}`, task as unknown as Json);
  try {
    const { id, accepted, result } = hub.submit(task);
    const told = result.then((outcome) =>
      notes.saw({ kind: 'settled', what: 'task', id, outcome: outcome as unknown as Json }),
    );
    told.catch(() => {}); // A hub that stops or fails tells no outcome.
    await accepted;
    notes.ok(call, { id });
    await told;
  } catch (error) {
    notes.refused(call, error);
  }
}

/** A person who clicks twice. */
function decide(gateId: string, hub: Hub, notes: Notebook): void {
  const click = async (by: string) => {
    const decision = gateId.charCodeAt(0) % 5 === 0 ? 'reject' : 'approve';
    const call = notes.invoke('decide', gateId, { decision, by });
    try {
      await hub.decideGate(gateId, { decision, by });
      notes.ok(call);
    } catch (error) {
      notes.refused(call, error);
    }
  };
  setImmediate(() => {
    void click('alice');
    void click('bob');
  });
}

async function run(task: AssignedTask, context: AgentContext, notes: Notebook): Promise<Json> {
  const { id, attempt, idempotencyKey } = task;
  const { agentId } = context;
  notes.saw({ kind: 'run', agentId, taskId: id, attempt, idempotencyKey });
  const number = Number(id.slice(2));
  switch (number % 8) {
    case 1:
      await nextTurn();
      context.progress(50, 'half of it');
      await nextTurn();
      return { text: tooLong };
    case 2: {
      const { status } = await context.consult('expert', `how is ${id} done?`, null, { timeoutMs: 60_000 });
      return status;
    }
    case 3:
      if (attempt === 1) throw new Error('the first attempt fails');
      return attempt;
    case 4:
      for (const fellow of crew) if (fellow !== agentId) await send(fellow, `note-${id}-${attempt}`, context, notes);
      return 'said';
    case 5:
      return (await context.escalate('may I?', { task: id, attempt }).outcome).status;
    case 6:
      for (let count = 0; count < 5 && context.inbox.peek().length > 0; count++) {
        const { seq, from, type, body } = await context.inbox.next();
        notes.saw({ kind: 'message', agentId, seq, from, type, body });
      }
      return 'read';
    case 7:
      await context.sleep(2);
      context.heartbeat();
      return 'slept';
    default:
      return number;
  }
}

async function send(to: string, type: string, context: AgentContext, notes: Notebook): Promise<void> {
  const call = notes.invoke('send', to, { from: context.agentId, type });
  try {
    const { seq, status } = await context.send({ to, type });
    notes.ok(call, { value: { seq, status } });
  } catch (error) {
    notes.refused(call, error);
    throw error;
  }
}
