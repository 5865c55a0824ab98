/**
 * What a record follows from, where its causation id does not say so.
 *
 * Owns: an index over the questions, gates and dead letters of a run, that grows with it. Does not own: chains (causes.ts).
 *
 * - Ln1 what somebody outside says of a gate, a question or a dead letter follows from that.
 * - Ln2 work that asked a person or a specialist goes on because of the answer: what it says after that follows from it.
 * - Ln3 all else follows from what its causation id names.
 */
import type { HubRecord } from 'xstate-hub';
import type { Run } from './run.ts';

type Source = Pick<Run, 'head' | 'records' | 'typeOf' | 'recordById'>;

const told: ReadonlySet<HubRecord['type']> = new Set([
  'gate.open',
  'gate.rejoin',
  'gate.approved',
  'gate.rejected',
  'gate.expired',
  'consultation.request',
  'consultation.answered',
  'consultation.unavailable',
  'consultation.expired',
  'deadletter.added',
]);

class Links {
  readonly #run: Source;
  /** By the id of a gate or a question: where it was asked, and by which work. */
  readonly #asked = new Map<string, { readonly seq: number; readonly work: string | null }>();
  /** By the letter's number. */
  readonly #letters = new Map<number, number>();
  /** By the work that had asked: when it got an answer, in order. */
  readonly #answers = new Map<string, number[]>();
  #seq = 0;

  constructor(run: Source) {
    this.#run = run;
  }

  causeOf(record: HubRecord): HubRecord | undefined {
    this.#catchUp();
    const { seq, causationId } = record;
    const work = workOf(record);
    const cause =
      causationId === null
        ? this.#aboutOf(record)
        : work !== null && this.#answers.get(work)?.findLast((one) => one < seq);
    if (cause) return this.#run.records[cause - 1];
    return causationId === null ? undefined : this.#run.recordById(causationId);
  }

  #aboutOf({ type, payload }: HubRecord): number | undefined {
    switch (type) {
      case 'gate.decide':
        return this.#asked.get(payload.gateId)?.seq;
      case 'deadline.passed':
        return payload.kind === 'gate' || payload.kind === 'consultation'
          ? this.#asked.get(payload.subject)?.seq
          : undefined;
      case 'deadletter.accept':
      case 'deadletter.replay':
      case 'deadletter.purge':
        return this.#letters.get(payload.letterSeq);
      default:
        return undefined;
    }
  }

  #catchUp(): void {
    const { head, records } = this.#run;
    while (this.#seq < head) {
      const type = this.#run.typeOf(++this.#seq);
      if (type !== undefined && told.has(type)) this.#take(records[this.#seq - 1] as HubRecord);
    }
  }

  #take(record: HubRecord): void {
    const { seq, type, payload } = record;
    if (type === 'deadletter.added') this.#letters.set(payload.letterSeq, seq);
    else if (type === 'gate.open') this.#asked.set(payload.gateId, { seq, work: workOf(record) });
    else if (type === 'consultation.request') this.#asked.set(payload.consultationId, { seq, work: workOf(record) });
    else if (type === 'gate.rejoin') {
      const first = this.#asked.get(payload.gateId);
      this.#asked.set(payload.gateId, { seq: first?.seq ?? seq, work: workOf(record) });
    } else {
      const id = 'gateId' in payload ? payload.gateId : 'consultationId' in payload ? payload.consultationId : '';
      const work = this.#asked.get(id)?.work;
      if (work === undefined || work === null) return;
      const answers = this.#answers.get(work);
      if (answers === undefined) this.#answers.set(work, [seq]);
      else answers.push(seq);
    }
  }
}

/** What an agent says while it does one piece of work has one cause; null for what no agent says. */
function workOf({ from, causationId }: HubRecord): string | null {
  return from === 'hub' || causationId === null ? null : `${from} ${causationId}`;
}

const indexes = new WeakMap<Source, Links>();

/** What a record follows from; undefined for what nothing led to. */
export function causeOf(run: Source, record: HubRecord): HubRecord | undefined {
  let links = indexes.get(run);
  if (links === undefined) {
    links = new Links(run);
    indexes.set(run, links);
  }
  return links.causeOf(record);
}
