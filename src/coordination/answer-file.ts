/**
 * What masters outside write, and how it is read. This is the protocol of a master:
 *
 * 1. Its work is in `masters/{master}/handoffs/to-{master}-subtask-{id}.json`; `orchestrator/subtasks/{id}.json` says
 *    what is to be done. A handoff with a `status` (completed, failed, withdrawn) is over.
 * 2. It answers in `masters/{master}/results/{id}.json`, written beside and renamed:
 *    `{ "status": "completed", "result": … }`, `{ "status": "failed", "error": "…", "retryable": false }`, or on the
 *    way `{ "status": "in_progress", "progress": 40, "note": "…" }`. When the handoff has a `retry_count`, the answer
 *    carries it back: an answer to an attempt that is over is set aside.
 * 3. While a worker is at it, `worker-specs/active/{worker}.json` has `{ "subtask_id": id, "last_heartbeat": time }`,
 *    and may have its process: `"pid": 4711`, with `"host": name` when that is not this machine. Rewriting or touching
 *    it is a sign of life. A worker that was seen and then is silent for three minutes is given up, or at once when its
 *    process is gone, and the subtask is handed over again; so is one without progress for twenty minutes. That a file
 *    of the subtask is changed is progress, and a sign of life.
 */
import { hostname } from 'node:os';
import { z } from 'zod';
import { HubError } from '../machines/errors.ts';
import type { Json } from '../machines/json.ts';
import { parse } from '../machines/parse.ts';
import type { FileText } from './folder.ts';
import { lineOf, parseJson } from './json-text.ts';

/** Largest file of a master, in bytes. */
export const largestAnswer = 1 << 20;

const percent = z.number().min(0).max(100);
const attempt = z.int().min(0).optional();
const note = z.string().max(500).optional();
const progress = z.union([percent, z.object({ percent: percent.optional(), note })]).optional();

const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('completed'),
    result: z.custom<Json>().optional(),
    retry_count: attempt,
    progress,
    note,
  }),
  z.object({
    status: z.literal('failed'),
    error: z
      .union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)])
      .default('failed'),
    retryable: z.boolean().default(true),
    retry_count: attempt,
    progress,
    note,
  }),
  z.object({ status: z.literal('in_progress'), progress, note, retry_count: attempt }),
]);
export type MasterAnswer = z.output<typeof answerSchema>;

/** Throws `invalid` with file and line. */
export function readAnswer(text: string, file: string): MasterAnswer {
  const value = parseJson(text, file);
  try {
    return parse(answerSchema, value);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const line = lineOf(text, (error.path ?? '').split('.')) ?? 1;
    throw new HubError('invalid', `${file}:${line}: ${error.message}`, { path: error.path ?? '', cause: error });
  }
}

/** How far it is, as the hub takes it. */
export function progressIn({ progress: given, note: said }: MasterAnswer): { percent?: number; note?: string } {
  const { percent, note = said } = typeof given === 'object' ? given : { percent: given };
  return { ...(percent !== undefined && { percent }), ...(note !== undefined && note !== '' && { note }) };
}

export interface WorkerSpec {
  readonly subtaskId: string;
  /** In ms since the epoch. */
  readonly heardAt: number;
  /** Its process on this machine, when it says which. */
  readonly pid: number | undefined;
}

/** A worker's last sign of life; undefined for a file that says nothing of it. */
export function readWorker({ text, changedAt }: FileText, file: string): WorkerSpec | undefined {
  const spec = parseJson(text, file);
  if (typeof spec !== 'object' || spec === null) return undefined;
  const { subtask_id, task_id, last_heartbeat, pid, host = hostname() } = spec as { readonly [key: string]: unknown };
  const subtaskId = subtask_id ?? task_id;
  if (typeof subtaskId !== 'string') return undefined;
  const said = typeof last_heartbeat === 'string' ? Date.parse(last_heartbeat) : Number(last_heartbeat ?? Number.NaN);
  return {
    subtaskId,
    heardAt: Number.isNaN(said) ? changedAt : Math.max(said, changedAt),
    pid: Number.isSafeInteger(pid) && Number(pid) > 0 && host === hostname() ? Number(pid) : undefined,
  };
}
