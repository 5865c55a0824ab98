/**
 * A line to a hub elsewhere: its log as it grows, and commands to it.
 *
 * - Hl1 records are handed over in order, each once, without gaps, however often the line breaks.
 * - Hl2 a line that breaks is built anew, after a while that grows; unless the server has said that this is in vain.
 * - Hl3 a command that was under way when the line broke is rejected: whether it was done is to be seen in the log.
 */
import { HubError } from '../machines/errors.ts';
import type { Json } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import type { OperatorCommand } from './commands.ts';
import { type Attach, type Attached, closeCodes, type FromHub, isFinal, lineVersion, pulseMs } from './protocol.ts';

/** As browsers have it, and as Node has it from 22 on; before, the package `ws`. */
interface WebSocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface HubLineOptions {
  /** `ws://127.0.0.1:4700/hub` */
  readonly url: string;
  readonly token?: string | undefined;
  /** Default: the global one. */
  readonly WebSocket?: new (
    url: string,
  ) => unknown;
  onRecords(records: readonly HubRecord[]): void;
  /** Whether the line stands; called when that changes, after `attached` has resolved. */
  onState?(state: LineState): void;
  /** Nothing more will come. */
  onOver?(): void;
}

/** `ended`: it was given up, and will not come back. */
export interface LineState {
  readonly state: 'connected' | 'lost' | 'ended';
  /** For people. */
  readonly detail: string;
}

export interface HubLine {
  /** Rejects with a `HubError` when there is no hub, or it refuses; then nothing is tried again. */
  readonly attached: Promise<Attached>;
  /** Rejects with a `HubError`: the hub's own, or `conflict` when the line is broken. */
  command(command: OperatorCommand): Promise<Json>;
  close(): void;
}

const firstWaitMs = 250;
const longestWaitMs = 10_000;

export function hubLine(options: HubLineOptions): HubLine {
  const line = new Line(options);
  return { attached: line.attached, command: (command) => line.command(command), close: () => line.end() };
}

interface Open {
  readonly resolve: (answer: Json) => void;
  readonly reject: (error: HubError) => void;
}

class Line {
  readonly attached: Promise<Attached>;
  readonly #options: HubLineOptions;
  #settle: { resolve: (attached: Attached) => void; reject: (error: HubError) => void } | undefined;
  #socket: WebSocketLike | undefined;
  #last: { readonly seq: number; readonly id: string } | null = null;
  #isAttached = false;
  #isOver = false;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;
  readonly #open = new Map<number, Open>();

  constructor(options: HubLineOptions) {
    this.#options = options;
    this.attached = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.attached.catch(() => {}); // Whoever awaits it hears of it.
    this.#connect();
  }

  command({ name, args, as }: OperatorCommand): Promise<Json> {
    return new Promise((resolve, reject) => {
      if (!this.#isAttached || this.#socket === undefined) return reject(broken('the hub cannot be reached now'));
      const id = ++this.#lastId;
      this.#open.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ kind: 'command', id, name, args, ...(as !== undefined && { as }) }));
    });
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#retry);
    this.#drop();
    this.#rejectAll('the line was closed');
  }

  #connect(): void {
    const { url, token } = this.#options;
    const Socket = this.#options.WebSocket ?? globalThis.WebSocket;
    if (Socket === undefined) {
      const expected = 'a WebSocket class, such as that of the package ws: this Node has none of its own';
      return this.#end(new HubError('invalid', `WebSocket: expected ${expected}`, { path: 'WebSocket', expected }));
    }
    let socket: WebSocketLike;
    try {
      socket = new Socket(url) as WebSocketLike;
    } catch (error) {
      return this.#end(new HubError('invalid', `${url} is no address of a hub`, { path: 'url', cause: error }));
    }
    this.#socket = socket;
    this.#watch();
    socket.onopen = () => {
      const attach: Attach = {
        kind: 'attach',
        version: lineVersion,
        after: this.#last,
        ...(token !== undefined && { token }),
      };
      socket.send(JSON.stringify(attach));
    };
    socket.onmessage = ({ data }) => {
      if (this.#socket !== socket) return;
      this.#watch();
      const message = readMessage(String(data));
      if (message === undefined) this.#lost(closeCodes.badMessage, 'what answers there is no hub');
      else this.#take(message);
    };
    socket.onerror = () => {}; // It closes, and that says more.
    socket.onclose = ({ code, reason }) => {
      if (this.#socket === socket) this.#lost(code, reason);
    };
  }

  /** A server that is there says so now and then. */
  #watch(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(0, 'nothing was heard of it'), pulseMs * 3);
  }

  #take(message: FromHub): void {
    switch (message.kind) {
      case 'attached':
        return this.#welcome(message);
      case 'records':
        return this.#takeRecords(message.records);
      case 'answer':
        return this.#settled(message.id)?.resolve(message.answer);
      case 'refusal': {
        const { code, message: text, ...details } = message.error;
        return this.#settled(message.id)?.reject(new HubError(code, text, details));
      }
      case 'over':
        this.#options.onOver?.();
        return this.end();
    }
  }

  #welcome(attached: Attached): void {
    this.#isAttached = true;
    this.#failures = 0;
    const isFirst = this.#settle !== undefined;
    this.#settle?.resolve(attached);
    this.#settle = undefined;
    if (!isFirst) this.#options.onState?.({ state: 'connected', detail: 'the hub is there again' });
  }

  #takeRecords(records: readonly HubRecord[]): void {
    const known = this.#last?.seq ?? 0;
    const fresh = records.filter(({ seq }) => seq > known);
    const [first] = fresh;
    if (first === undefined) return;
    if (fresh.some(({ seq }, index) => seq !== known + 1 + index)) return this.#lost(0, 'records were missing');
    const { seq, id } = fresh.at(-1) ?? first;
    this.#last = { seq, id };
    this.#options.onRecords(fresh);
  }

  #settled(id: number): Open | undefined {
    const open = this.#open.get(id);
    this.#open.delete(id);
    return open;
  }

  #lost(code: number, reason: string): void {
    const wasAttached = this.#isAttached;
    this.#drop();
    this.#rejectAll('the line broke: whether it was done is to be seen in the log');
    if (this.#isOver) return;
    const why = reason === '' ? 'the connection was lost' : reason;
    if (isFinal(code)) {
      return this.#end(new HubError(code === closeCodes.wrongToken ? 'forbidden' : 'conflict', why));
    }
    if (this.#settle !== undefined) {
      const what =
        code === 1006 || code === 0 ? `there is no hub at ${this.#options.url}, or it refuses this page` : why;
      return this.#end(new HubError('conflict', what, { path: 'url' }));
    }
    if (wasAttached) this.#options.onState?.({ state: 'lost', detail: why });
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** this.#failures++);
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  #end(error: HubError): void {
    this.#isOver = true;
    const settle = this.#settle;
    this.#settle = undefined;
    if (settle !== undefined) settle.reject(error);
    else this.#options.onState?.({ state: 'ended', detail: error.message });
  }

  #drop(): void {
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#isAttached = false;
    socket?.close();
  }

  #rejectAll(message: string): void {
    for (const { reject } of this.#open.values()) reject(broken(message));
    this.#open.clear();
  }
}

/** Undefined when it is none. What is in it was made by a hub, and is believed. */
function readMessage(text: string): FromHub | undefined {
  try {
    const message = JSON.parse(text) as FromHub | null;
    return typeof message?.kind === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

const broken = (message: string): HubError => new HubError('conflict', message, { path: 'url' });
