/**
 * The driver of a master: hands a subtask over in a file, and waits for the answer in another.
 *
 * - Ma1 an attempt is handed over once, however often the hub is restarted meanwhile: when it has been is in the log
 *   (its first progress), and until that is durable the handoff itself says so.
 * - Ma2 plan and subtask are written before the handoff.
 * - Ma3 a subtask has the configured number of attempts that can fail; restarts of the hub are none.
 */
import { type AgentContext, type AssignedTask, NonRetryableError, type TaskFunction } from '../actors/driver.ts';
import type { Handoff } from '../hub/handoff.ts';
import { HubError } from '../machines/errors.ts';
import type { Answers, Attempt } from './answers.ts';
import { fileText, handoffFile } from './documents.ts';
import type { Folder } from './folder.ts';
import { parseJson } from './json-text.ts';
import type { Ledger, SubtaskFacts } from './ledger.ts';
import type { Mirror } from './mirror.ts';
import type { Notices } from './notices.ts';
import { handoffPlace } from './places.ts';

export interface MasterParts {
  readonly folder: Folder;
  readonly ledger: Ledger;
  readonly mirror: Mirror;
  readonly answers: Answers;
  readonly notices: Notices;
  /** Attempts that may fail before a person is asked. */
  readonly maxAttempts: number;
  /** Resolves at the next look at the folder. */
  readonly nextBeat: () => Promise<void>;
}

/** @param work what does it here; without it, whoever reads the handoff does, and answers */
export function masterDriver(parts: MasterParts, work?: TaskFunction): TaskFunction {
  return async (task, context) => {
    const facts = parts.ledger.subtaskOf(task.id);
    if (facts === undefined) {
      if (work !== undefined) return work(task, context);
      throw new NonRetryableError(`${task.id} is no part of an orchestration`);
    }
    const { retries, failures, reason } = facts;
    if (failures >= parts.maxAttempts) throw new NonRetryableError(`${failures} attempts, the last: ${reason}`);
    const attempt = await handOver(parts, task, facts, context);
    try {
      return work === undefined ? await parts.answers.wait(attempt, context) : await work(task, context);
    } catch (error) {
      if (context.signal.aborted) {
        // Taken for a zombie: whoever is at it may answer yet, and the hub makes a dead letter of that.
        if (work === undefined && facts.retries > retries && !isStop(context)) return parts.answers.late(attempt);
        throw error;
      }
      if (failures + 1 < parts.maxAttempts) throw error;
      throw new NonRetryableError(error instanceof Error ? error.message : String(error));
    }
  };
}

const isStop = ({ signal }: AgentContext): boolean =>
  signal.reason instanceof HubError && signal.reason.code === 'stopped';

/** What cannot be written is tried again until it can: nobody else could do better. */
async function handOver(
  parts: MasterParts,
  task: AssignedTask,
  facts: SubtaskFacts,
  context: AgentContext,
): Promise<Attempt> {
  const { owner: master, id: subtaskId, files } = facts.subtask;
  const attempt = { master, subtaskId, files, retries: facts.retries };
  let handedOverAt: number;
  for (;;) {
    context.signal.throwIfAborted();
    if (facts.handedOverAt !== null) return { ...attempt, handedOverAt: facts.handedOverAt };
    try {
      handedOverAt = context.now(); // Nobody can be at it before.
      await writeHandoff(parts, task, facts, context);
      parts.notices.over(subtaskId);
      break;
    } catch (error) {
      if (context.signal.aborted) throw error;
      parts.notices.tell(subtaskId, `${subtaskId} cannot be handed over yet: ${(error as Error).message}`);
      await parts.nextBeat();
    }
  }
  context.progress(0, `handed over to ${master}`);
  return { ...attempt, handedOverAt };
}

async function writeHandoff(
  { folder, ledger, mirror, answers }: MasterParts,
  task: AssignedTask,
  { orchestrationId, subtask, retries, reason }: SubtaskFacts,
  context: AgentContext,
): Promise<void> {
  const path = handoffPlace(subtask.owner, subtask.id);
  await mirror.flush();
  if (isStanding((await folder.read(path, 1 << 20))?.text, orchestrationId, retries)) return;
  await answers.setAside({ master: subtask.owner, subtaskId: subtask.id, retries });
  context.signal.throwIfAborted();
  const document = handoffFile({
    handoff: task.payload as unknown as Handoff,
    owner: subtask.owner,
    priority: ledger.orchestrations.get(orchestrationId)?.priority ?? task.priority,
    retries,
    reason,
    now: context.now(),
  });
  await folder.write(path, fileText(document));
}

/** Whether this attempt has been handed over already, just before the hub went away. */
function isStanding(text: string | undefined, orchestrationId: string, retries: number): boolean {
  if (text === undefined) return false;
  try {
    const {
      parent_orchestration,
      retry_count = 0,
      status,
    } = parseJson(text, '') as { readonly [key: string]: unknown };
    return parent_orchestration === orchestrationId && retry_count === retries && status === undefined;
  } catch {
    return false;
  }
}
