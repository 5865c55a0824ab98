/**
 * Writes what is so into the folder, as the records become durable.
 *
 * Owns: plans, subtasks, the marks on handoffs, the state, reports, dashboard events. Does not own: handing over,
 * which an agent's driver does.
 *
 * - Mi1 nothing is written that the log does not have: documents are made when nothing is on its way to the store.
 * - Mi2 events are written behind the documents; so what was not written before a crash is what is behind the last
 *   event, and is written after the restart.
 * - Mi3 what cannot be written is told once, and tried again at every beat; it stops no other document.
 */
import type { Hub } from '../hub/hub.ts';
import { type OrchestrationReport, reportMarkdown } from '../hub/orchestration-report.ts';
import { HubError } from '../machines/errors.ts';
import type { HubRecord } from '../machines/messages.ts';
import { fileText, planFile, stateFile, subtaskFile } from './documents.ts';
import type { EventLog } from './event-log.ts';
import type { FilePath, Folder } from './folder.ts';
import { parseJson } from './json-text.ts';
import type { Ledger, SubtaskFacts } from './ledger.ts';
import type { Notices } from './notices.ts';
import { handoffPlace, places, planPlace, reportPlace, subtaskPlace } from './places.ts';

export interface MirrorParts {
  readonly folder: Folder;
  readonly hub: Hub;
  readonly ledger: Ledger;
  readonly events: EventLog;
  readonly notices: Notices;
  readonly eventOf: (record: HubRecord) => object | undefined;
  /** Called with each line that was added to the events. */
  readonly onEvent: (line: string) => void;
}

interface Document {
  readonly path: FilePath;
  readonly text: string;
}

type Mark = Pick<SubtaskFacts, 'subtask' | 'handoff'>;

export class Mirror {
  readonly #parts: MirrorParts;
  /** Orchestrations whose documents are not as they should be. */
  #stale = new Set<string>();
  /** Those that are being written. */
  #writing: readonly string[] = [];
  #events: { readonly seq: number; readonly event: object }[] = [];
  #isStateStale = true;
  /** What stands in each file of an orchestration that is at work. */
  readonly #written = new Map<string, string>();
  #flushing: Promise<void> | undefined;

  constructor(parts: MirrorParts) {
    this.#parts = parts;
  }

  /** A durable record, which the ledger has read. */
  take(record: HubRecord): void {
    const { ledger, events, eventOf } = this.#parts;
    const id = orchestrationOf(record, ledger);
    if (id !== undefined) this.#isStateStale = true;
    if (record.seq <= events.seq) return;
    const event = eventOf(record);
    if (event !== undefined) this.#events.push({ seq: record.seq, event });
    if (id !== undefined) this.#stale.add(id);
  }

  /** After a restart: what is at work is written again, whatever became of the files meanwhile. */
  writeAll(): void {
    for (const { id, ended } of this.#parts.ledger.orchestrations.values()) if (ended === null) this.#stale.add(id);
  }

  /** Whether the documents of an orchestration are not yet as they should be. */
  isBehind(id: string): boolean {
    return this.#stale.has(id) || this.#writing.includes(id);
  }

  /** Writes what is not written yet; what comes meanwhile goes along. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush();
    return this.#flushing;
  }

  async #flush(): Promise<void> {
    const { hub, notices } = this.#parts;
    await undefined; // What else is so in this tick goes along.
    try {
      while (this.#stale.size > 0 || this.#events.length > 0 || this.#isStateStale) {
        while (!hub.isSettled()) await hub.settled();
        await this.#writeOnce();
      }
      notices.over('mirror');
    } catch (error) {
      notices.tell('mirror', `cannot write: ${(error as Error).message}`);
    } finally {
      this.#flushing = undefined;
    }
  }

  async #writeOnce(): Promise<void> {
    const { hub, ledger, events, onEvent } = this.#parts;
    const stale = [...this.#stale];
    const over = stale.filter((id) => ledger.orchestrations.get(id)?.ended !== null);
    const works = stale.map((id) => ({ id, documents: this.#documentsOf(id), marks: this.#marksOf(id) }));
    const state = fileText(stateFile(hub.orchestrations(), hub.gates()));
    const fresh = this.#events;
    this.#stale = new Set();
    this.#writing = stale;
    this.#events = [];
    this.#isStateStale = false;
    const failed = new Set<string>();
    let fault: unknown;
    try {
      for (const { id, documents, marks } of works) {
        try {
          for (const document of documents) await this.#write(document);
          for (const mark of marks) await this.#mark(mark);
        } catch (error) {
          failed.add(id);
          fault ??= error;
        }
      }
      await this.#write({ path: places.state, text: state });
      if (fault !== undefined) throw fault;
      for (const line of await events.append(fresh)) onEvent(line);
    } catch (error) {
      this.#stale = new Set([...failed, ...this.#stale]);
      this.#events = [...fresh, ...this.#events];
      this.#isStateStale = true;
      throw error;
    } finally {
      this.#writing = [];
      for (const id of over) if (!failed.has(id)) this.#forget(id);
    }
  }

  #marksOf(id: string): Mark[] {
    const { ledger } = this.#parts;
    const subtasks = ledger.orchestrations.get(id)?.plan?.subtasks ?? [];
    return subtasks.flatMap((subtask) => {
      const handoff = ledger.subtasks.get(subtask.id)?.handoff ?? null;
      return handoff === null ? [] : [{ subtask, handoff }];
    });
  }

  #documentsOf(id: string): Document[] {
    const { hub, ledger } = this.#parts;
    const facts = ledger.orchestrations.get(id);
    const report = reportOf(hub, id);
    if (facts === undefined || report === undefined) return [];
    const subtasks = new Map(report.subtasks.map((subtask) => [subtask.id, subtask]));
    const plan = planFile(facts, report);
    const documents: Document[] = [];
    if (plan !== undefined) documents.push({ path: planPlace(id), text: fileText(plan) });
    for (const { id: subtaskId } of facts.plan?.subtasks ?? []) {
      const subtask = ledger.subtasks.get(subtaskId);
      if (subtask === undefined) continue;
      const text = fileText(subtaskFile(subtask, subtasks.get(subtaskId)));
      documents.push({ path: subtaskPlace(subtaskId), text });
    }
    if (facts.ended !== null) documents.push({ path: reportPlace(id), text: reportMarkdown(report) });
    return documents;
  }

  async #write({ path, text }: Document): Promise<void> {
    const key = path.join('/');
    if (this.#written.get(key) === text) return;
    await this.#parts.folder.write(path, text);
    this.#written.set(key, text);
  }

  /** Says on a handoff what became of it, unless its master has taken it away. */
  async #mark({ subtask, handoff }: Mark): Promise<void> {
    const { folder } = this.#parts;
    const path = handoffPlace(subtask.owner, subtask.id);
    const document = objectIn((await folder.read(path, 1 << 20))?.text);
    if (document === undefined || handoff === null) return;
    const { retry_count = 0, status } = document;
    if (retry_count !== handoff.retries || status === handoff.status) return;
    await folder.write(path, fileText({ ...document, status: handoff.status }));
  }

  /** What is over is not written again. */
  #forget(id: string): void {
    const { ledger } = this.#parts;
    for (const { id: subtaskId } of ledger.orchestrations.get(id)?.plan?.subtasks ?? []) {
      this.#written.delete(subtaskPlace(subtaskId).join('/'));
    }
    for (const path of [planPlace(id), reportPlace(id)]) this.#written.delete(path.join('/'));
    ledger.release(id);
  }
}

/** Undefined when the hub has forgotten it: it has long been over, and its documents were written then. */
function reportOf(hub: Hub, id: string): OrchestrationReport | undefined {
  try {
    return hub.report(id);
  } catch (error) {
    if (error instanceof HubError && error.code === 'unknownOrchestration') return undefined;
    throw error;
  }
}

/** The orchestration that a record is about, if it changes a document. */
function orchestrationOf(record: HubRecord, ledger: Ledger): string | undefined {
  const { orchestrationId, subtaskId, taskId } = record.payload as { readonly [key: string]: unknown };
  if (typeof orchestrationId === 'string' && ledger.orchestrations.has(orchestrationId)) return orchestrationId;
  const facts = typeof taskId === 'string' ? ledger.subtaskOf(taskId) : undefined;
  return facts?.orchestrationId ?? ledger.subtasks.get(String(subtaskId))?.orchestrationId;
}

function objectIn(text: string | undefined): { readonly [key: string]: unknown } | undefined {
  if (text === undefined) return undefined;
  try {
    const value = parseJson(text, '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
