/**
 * The HTTP server in front: who may come in at all, the page, and the way to the hub.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { HubError, type HubErrorCode } from '../machines/errors.ts';
import type { Admission } from './admission.ts';
import { builtPage, servePage } from './page.ts';

export interface FrontOptions {
  readonly port: number;
  readonly host: string;
  /** Whether to serve the inspector's page, or the folder that has it. */
  readonly page: boolean | string;
  readonly admission: Admission;
  /** Somebody who may come in wants to talk to the hub by WebSocket. */
  onHub(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface Front {
  /** `http://127.0.0.1:4700/` */
  readonly url: string;
  /** `ws://127.0.0.1:4700/hub` */
  readonly hubUrl: string;
  close(): Promise<void>;
}

/** Rejects with `conflict` when the port is taken, with `invalid` when it cannot be had. */
export async function openFront({ port, host, page, admission, onHub }: FrontOptions): Promise<Front> {
  const showPage = servePage(page === true ? builtPage() : page === false ? undefined : page);
  const server = createServer((request, response) => {
    if (admission.isCalledRightly(request)) return showPage(request, response);
    response.writeHead(421, { 'content-type': 'text/plain' }).end('This server is not called that.\n');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {});
    if (!admission.isCalledRightly(request)) return turnAway(socket, '421 Misdirected Request');
    if (pathOf(request) !== '/hub') return turnAway(socket, '404 Not Found');
    if (!admission.isOurs(request)) return turnAway(socket, '403 Forbidden');
    onHub(request, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)));
    server.listen(port, host, resolve);
  });
  server.on('error', () => {});
  const place = `${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${place}/`,
    hubUrl: `ws://${place}/hub`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export function turnAway(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function pathOf({ url = '/' }: IncomingMessage): string | undefined {
  return URL.canParse(url, 'http://hub') ? new URL(url, 'http://hub').pathname : undefined;
}

function cannotListen({ code, message }: NodeJS.ErrnoException, host: string, port: number): HubError {
  const another = { path: 'port', expected: 'another port, or 0 for any that is free' };
  if (code === 'EADDRINUSE') return refusal('conflict', `port ${port} of ${host} is taken`, another);
  if (code === 'EACCES') return refusal('invalid', `port ${port} may not be used`, another);
  return refusal('invalid', `cannot listen at ${host}: ${message}`, {
    path: 'host',
    expected: 'a host of this machine',
  });
}

function refusal(
  code: HubErrorCode,
  fault: string,
  details: { readonly path: string; readonly expected: string },
): HubError {
  return new HubError(code, `${fault}; expected ${details.expected}`, details);
}
