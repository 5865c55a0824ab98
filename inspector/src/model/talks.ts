/** Who asked whom, and who was given what: an index over the records of a run that grows with them. */
import type { HubRecord } from 'xstate-hub';
import type { Run } from './run.ts';

export interface GateFacts {
  readonly id: string;
  readonly reason: string;
  readonly agentId: string | null;
  readonly taskId: string | null;
  /** Whom it was put to, and from which record on; in order. */
  readonly approvers: { readonly seq: number; readonly names: readonly string[] }[];
}

export interface ConsultationFacts {
  readonly id: string;
  readonly from: string;
  readonly specialistType: string;
  readonly question: string;
  /** Who was asked, and from which record on; in order. */
  readonly asked: { readonly seq: number; readonly agentId: string | null }[];
}

/** What an agent holds is among so many of the tasks that it was given last. */
const lookBack = 2_000;

const told: ReadonlySet<HubRecord['type']> = new Set([
  'gate.open',
  'gate.handedOver',
  'consultation.request',
  'consultation.asked',
  'consultation.returned',
]);

type Source = Pick<Run, 'head' | 'typeOf' | 'records' | 'actors' | 'facts'>;

export class Talks {
  readonly #run: Source;
  readonly #gates = new Map<string, GateFacts>();
  readonly #consultations = new Map<string, ConsultationFacts>();
  #seq = 0;

  constructor(run: Source) {
    this.#run = run;
  }

  gate(id: string): GateFacts | undefined {
    this.#catchUp();
    return this.#gates.get(id);
  }

  consultation(id: string): ConsultationFacts | undefined {
    this.#catchUp();
    return this.#consultations.get(id);
  }

  /** What a question asks, or a gate is for; null for an id that is of neither. */
  aboutOf(id: string): string | null {
    return this.consultation(id)?.question ?? this.gate(id)?.reason ?? null;
  }

  /** Who may decide a gate; empty for anybody. */
  approversOf(gateId: string, seq: number): readonly string[] {
    return this.gate(gateId)?.approvers.findLast((one) => one.seq <= seq)?.names ?? [];
  }

  /** The specialist who has a question; null while it waits for one. */
  specialistOf(consultationId: string, seq: number): string | null {
    return this.consultation(consultationId)?.asked.findLast((one) => one.seq <= seq)?.agentId ?? null;
  }

  /** The tasks that an agent holds, latest first. */
  tasksOf(agentId: string, seq: number): string[] {
    const { actors, facts } = this.#run;
    const held: string[] = [];
    const { given = [], concurrency = 1 } = facts.agents.get(agentId) ?? {};
    const newest = given.findLastIndex((one) => one.seq <= seq);
    for (let index = newest; index >= Math.max(0, newest - lookBack) && held.length < concurrency; index--) {
      const { taskId } = given[index] as { readonly taskId: string };
      const state = actors.get(`task:${taskId}`)?.at(seq)?.state ?? '';
      const isHeld = state === 'assigned' || state.startsWith('running.');
      if (isHeld && facts.agentOf(taskId, seq) === agentId && !held.includes(taskId)) held.push(taskId);
    }
    return held;
  }

  #catchUp(): void {
    const { head, records } = this.#run;
    while (this.#seq < head) {
      const type = this.#run.typeOf(++this.#seq);
      if (type !== undefined && told.has(type)) this.#take(records[this.#seq - 1] as HubRecord);
    }
  }

  #take({ seq, from, type, payload }: HubRecord): void {
    if (type === 'gate.open') {
      const { gateId, reason, agentId, taskId, approvers = [] } = payload;
      this.#gates.set(gateId, {
        id: gateId,
        reason,
        agentId: agentId ?? null,
        taskId: taskId ?? null,
        approvers: [{ seq, names: approvers }],
      });
    } else if (type === 'gate.handedOver') {
      this.#gates.get(payload.gateId)?.approvers.push({ seq, names: [payload.approver] });
    } else if (type === 'consultation.request') {
      const { consultationId, specialistType, question } = payload;
      this.#consultations.set(consultationId, { id: consultationId, from, specialistType, question, asked: [] });
    } else if (type === 'consultation.asked') {
      this.#consultations.get(payload.consultationId)?.asked.push({ seq, agentId: payload.agentId });
    } else if (type === 'consultation.returned') {
      this.#consultations.get(payload.consultationId)?.asked.push({ seq, agentId: null });
    }
  }
}

const longest = 60;

/**
 * What people call an actor, `gate:abc`: a question and a gate by what they are about; a task and an orchestration whose
 * id nobody chose by their title; all others by their name.
 */
export function calledIn(run: Source, actor: string): string {
  const split = actor.indexOf(':');
  const kind = actor.slice(0, split);
  const name = actor.slice(split + 1);
  if (kind === 'gate' || kind === 'consultation') {
    const about = talksOf(run).aboutOf(name);
    return about === null ? name : `“${shortened(about)}”`;
  }
  if (!isDrawn(name)) return name;
  if (kind === 'task') return shortened(run.facts.tasks.get(name)?.title ?? name);
  return kind === 'orchestration' ? shortened(run.facts.orchestrations.get(name) ?? name) : name;
}

const shortened = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…` : text);

/** Whether a hub drew an id by chance: `6TT4AG5YXo6ghgr1`, or `6TT4AG5YXo6ghgr1.login` for a part of it. */
const isDrawn = (id: string): boolean => /^(?=.*[a-z])(?=.*[A-Z])[0-9A-Za-z]{16}$/.test(id.split('.')[0] ?? '');

const indexes = new WeakMap<Source, Talks>();

/** The talks of a run: one index, whoever asks. */
export function talksOf(run: Source): Talks {
  let talks = indexes.get(run);
  if (talks === undefined) {
    talks = new Talks(run);
    indexes.set(run, talks);
  }
  return talks;
}
