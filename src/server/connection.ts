/**
 * One who is attached: hears the log from where they want, and gives commands.
 *
 * - Cn1 a slow reader costs a bounded piece of memory: records are read from the store as fast as they are read here.
 * - Cn2 whatever comes in, the hub goes on: what is no message closes this connection and nothing else.
 * - Cn3 commands are taken one after another; while one is being obeyed, nothing more is read.
 * - Cn4 what is on the list of secrets is taken out before anything leaves.
 */
import type { RawData, WebSocket } from 'ws';
import {
  type Attach,
  attachSchema,
  closeCodes,
  commandSchema,
  type FromHub,
  lineVersion,
  pulseMs,
  type Refused,
} from '../line/protocol.ts';
import { HubError } from '../machines/errors.ts';
import type { HubRecord } from '../machines/messages.ts';
import { parse } from '../machines/parse.ts';
import type { Admission } from './admission.ts';
import { Batches } from './batches.ts';
import type { Served } from './served.ts';

/** How long somebody may be there without a word, in ms. */
const attachWithinMs = 10_000;
const batchLimits = { texts: 500, length: 512 * 1024 };

export interface ConnectionParts {
  readonly served: Served;
  readonly admission: Admission;
  readonly clean: (record: HubRecord) => HubRecord;
}

export class Connection {
  readonly #socket: WebSocket;
  readonly #parts: ConnectionParts;
  readonly #patience: ReturnType<typeof setTimeout>;
  #records: AsyncIterableIterator<HubRecord, void> | undefined;
  #person: string | null = null;
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #isAlive = true;

  constructor(socket: WebSocket, parts: ConnectionParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#patience = setTimeout(() => this.close(closeCodes.tooLate, 'nothing was said in time'), attachWithinMs);
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary));
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    socket.on('close', () => this.#letGo());
    socket.on('error', () => {}); // What was too large or no WebSocket closes it, and that is all.
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, shortened(reason));
    this.#letGo();
  }

  #letGo(): void {
    clearTimeout(this.#patience);
    clearInterval(this.#pulse);
    void this.#records?.return?.();
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** One after another (Cn3). */
  #hear(data: RawData, isBinary: boolean): void {
    this.#waiting++;
    this.#socket.pause();
    this.#turn = this.#turn.then(async () => {
      if (this.#isOpen) await this.#answer(data, isBinary);
      if (--this.#waiting === 0) this.#socket.resume();
    });
  }

  async #answer(data: RawData, isBinary: boolean): Promise<void> {
    try {
      if (isBinary) throw new HubError('invalid', 'expected a text, not bytes');
      const message = readJson(String(data));
      if (this.#records === undefined) this.#attach(message);
      else await this.#obey(message);
    } catch (error) {
      this.close(closeCodes.badMessage, error instanceof Error ? error.message : 'what was said is no message');
    }
  }

  #attach(message: unknown): void {
    const version = (message as { readonly version?: unknown } | null)?.version;
    if (typeof version === 'number' && version !== lineVersion) {
      return this.close(closeCodes.otherVersion, `this hub speaks version ${lineVersion}, not ${version}`);
    }
    const { token = '', after } = parse(attachSchema, message);
    const person = this.#parts.admission.personOf(token);
    if (person === undefined) {
      const reason = token === '' ? 'this hub wants a token: open the address that it gave' : 'the token is not right';
      return this.close(closeCodes.wrongToken, reason);
    }
    clearTimeout(this.#patience);
    this.#person = person;
    const { seq, follow } = this.#parts.served;
    if (after !== null && after.seq > seq()) return this.close(closeCodes.otherLog, otherLog);
    this.#records = follow(after?.seq ?? 1);
    this.#pulse = setInterval(() => this.#beat(), pulseMs);
    void this.#tell(this.#records, after);
  }

  /** The log, batch by batch, until it ends or nobody listens (Cn1). */
  async #tell(records: AsyncIterableIterator<HubRecord, void>, after: Attach['after']): Promise<void> {
    const { clean, served } = this.#parts;
    const batches = new Batches(
      (texts) => this.#write(`{"kind":"records","records":[${texts.join(',')}]}`),
      batchLimits,
    );
    const say = (record: HubRecord) => batches.add(JSON.stringify(clean(record)));
    try {
      const { value: first } = await records.next();
      if (first !== undefined && first.seq !== (after?.seq ?? 1)) {
        return this.close(closeCodes.pruned, `the records before ${first.seq} are not kept any more`);
      }
      if (after !== null && first?.id !== after.id) return this.close(closeCodes.otherLog, otherLog);
      const { project, isRecorded, seq } = served;
      void this.#send({
        kind: 'attached',
        version: lineVersion,
        project,
        seq: seq(),
        person: this.#person,
        isRecorded,
      });
      if (first !== undefined && after === null) say(first);
      let expected = (first?.seq ?? 0) + 1;
      for await (const record of records) {
        if (!this.#isOpen) return;
        if (record.seq !== expected++) {
          return this.close(closeCodes.pruned, `the records before ${record.seq} are not kept any more`);
        }
        const full = say(record);
        if (full !== undefined) await full;
      }
      await batches.flush();
      if (!this.#isOpen) return;
      if (served.isRecorded) await this.#send({ kind: 'over' });
      else this.close(closeCodes.hubStopped, 'the hub has stopped');
    } catch (error) {
      const code = error instanceof HubError && error.code === 'pruned' ? closeCodes.pruned : closeCodes.hubFailed;
      this.close(code, error instanceof Error ? error.message : 'the log cannot be read');
    }
  }

  async #obey(message: unknown): Promise<void> {
    const { id, name, args, as = this.#person ?? undefined } = parse(commandSchema, message);
    try {
      if (this.#person !== null && as !== this.#person) {
        throw new HubError('forbidden', `this token is ${this.#person}'s, not ${as}'s`, { path: 'as' });
      }
      const answer = await this.#parts.served.obey({ name, args, ...(as !== undefined && { as }) });
      await this.#send({ kind: 'answer', id, answer });
    } catch (error) {
      await this.#send({ kind: 'refusal', id, error: refusedBy(error) });
    }
  }

  /** Who does not answer for as long as two beats is gone. */
  #beat(): void {
    if (!this.#isAlive) return this.#socket.terminate();
    this.#isAlive = this.#socket.bufferedAmount > 0; // What waits behind other things cannot have been answered.
    this.#socket.ping();
    if (this.#socket.bufferedAmount === 0) void this.#send({ kind: 'pulse', seq: this.#parts.served.seq() });
  }

  #send(message: FromHub): Promise<void> {
    return this.#write(JSON.stringify(message));
  }

  /** Resolves when the other side has room again, or is gone. */
  #write(text: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isOpen) this.#socket.send(text, () => resolve());
      else resolve();
    });
  }
}

const otherLog = 'this is another log than before: open it anew';

/** What stands in a close frame has at most 123 bytes. */
function shortened(reason: string): string {
  const plain = reason.replace(/[^\x20-\x7e]/g, '?');
  return plain.length > 120 ? `${plain.slice(0, 117)}...` : plain;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HubError('notJson', 'what was said is not JSON');
  }
}

function refusedBy(error: unknown): Refused {
  if (!(error instanceof HubError)) return { code: 'internal', message: 'a fault in the server itself' };
  const { code, message, path, expected } = error;
  return { code, message, ...(path !== undefined && { path }), ...(expected !== undefined && { expected }) };
}
