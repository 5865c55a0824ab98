/** A hub behind a real server on a real port, and those who attach to it. */
import { WebSocket } from 'ws';
import { createHub, type HubOptions } from '../../src/hub/create-hub.ts';
import type { Hub } from '../../src/hub/hub.ts';
import { type HubLine, hubLine, type LineState } from '../../src/line/hub-line.ts';
import type { HubRecord } from '../../src/machines/messages.ts';
import { type HubServer, type ServeOptions, serveHub } from '../../src/server/serve-hub.ts';

export interface ServedHub extends AsyncDisposable {
  readonly hub: Hub;
  readonly server: HubServer;
}

export async function servedHub(options: ServeOptions = {}, hubOptions: Partial<HubOptions> = {}): Promise<ServedHub> {
  const hub = await createHub({ project: 'shop', ...hubOptions });
  const server = await serveHub(hub, { page: false, token: 'the-token', ...options });
  return {
    hub,
    server,
    async [Symbol.asyncDispose]() {
      await server.close();
      await hub.stop().catch(() => {});
    },
  };
}

/** Resolves when `holds` does; looked at whenever something was heard. */
class Hearing {
  #waiting: { holds: () => boolean; resolve: () => void }[] = [];

  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ holds, resolve });
      this.look();
    });
  }

  look(): void {
    const [done, open] = [this.#waiting.filter(({ holds }) => holds()), this.#waiting.filter(({ holds }) => !holds())];
    this.#waiting = open;
    for (const { resolve } of done) resolve();
  }
}

export interface Attached extends Disposable {
  readonly line: HubLine;
  readonly records: HubRecord[];
  readonly states: LineState[];
  isOver: boolean;
  until(holds: () => boolean): Promise<void>;
}

/** Attaches as tools do. */
export function attach({ hubUrl, token }: Pick<HubServer, 'hubUrl' | 'token'>): Attached {
  const hearing = new Hearing();
  const records: HubRecord[] = [];
  const states: LineState[] = [];
  const attached = {
    records,
    states,
    isOver: false,
    until: (holds: () => boolean) => hearing.until(holds),
    line: hubLine({
      url: hubUrl,
      token,
      WebSocket,
      onRecords(fresh) {
        records.push(...fresh);
        hearing.look();
      },
      onState(state) {
        states.push(state);
        hearing.look();
      },
      onOver() {
        attached.isOver = true;
        hearing.look();
      },
    }),
    [Symbol.dispose]: () => attached.line.close(),
  };
  return attached;
}

export interface Caller {
  readonly socket: WebSocket;
  readonly messages: { readonly kind: string; readonly [key: string]: unknown }[];
  /** Resolves when the server closes. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  say(message: unknown): void;
  until(holds: () => boolean): Promise<void>;
}

/** A socket that says whatever a test wants. Rejects when it is not let in. */
export async function call(
  url: string,
  options: { readonly origin?: string; readonly host?: string } = {},
): Promise<Caller> {
  const { origin, host } = options;
  const socket = new WebSocket(url, {
    ...(origin !== undefined && { origin }),
    ...(host !== undefined && { headers: { host } }),
  });
  const hearing = new Hearing();
  const messages: Caller['messages'] = [];
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    hearing.look();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => {});
  return {
    socket,
    messages,
    closed,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    until: (holds) => hearing.until(holds),
  };
}

export const attachMessage = { kind: 'attach', version: 1, token: 'the-token', after: null } as const;

/** Every durable record. */
export async function logOf(hub: Hub): Promise<HubRecord[]> {
  const records: HubRecord[] = [];
  for await (const record of hub.log()) records.push(record);
  return records;
}
