/**
 * The built page, as files over HTTP.
 *
 * - Pg1 only files that were there when the server began are given out: no path leads anywhere else.
 * - Pg2 the page may load nothing from elsewhere and talk to nobody but this server, and nobody may put it in a frame.
 * - Pg3 at `/?inspect` it also listens to apps that show themselves: to the window that opened it, and to sockets of
 *   this machine.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Where the build puts it, seen from what was built and from the source. */
const places = ['../inspector/', '../../dist/inspector/'];

/** The folder of the built page; undefined when it is not built. */
export const builtPage = (): string | undefined =>
  places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((folder) => existsSync(join(folder, 'index.html')));

export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** @param folder the built page; undefined when there is none to show */
export function servePage(folder: string | undefined): PageHandler {
  const files = new Map(folder === undefined ? [] : filesOf(folder).map((file) => [addressOf(folder, file), file]));
  return (request, response) => {
    const {
      method,
      headers: { host = '' },
    } = request;
    const url = urlOf(request.url ?? '/');
    const headers = headersFor(host, url?.searchParams.has('inspect') === true);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return answer(response, 405, 'Only GET and HEAD.');
    }
    const address = pathOf(url);
    const file = files.get(address === '/' ? '/index.html' : address);
    if (file === undefined) {
      const isHome = address === '/' && folder === undefined;
      return answer(response, 404, isHome ? 'There is no page here; a hub is at /hub.' : 'There is no such file.');
    }
    let body: Buffer;
    try {
      body = readFileSync(file);
    } catch {
      return answer(response, 404, 'There is no such file any more.');
    }
    const isNamedByContent = address.startsWith('/assets/');
    response.setHeader('cache-control', isNamedByContent ? 'max-age=31536000, immutable' : 'no-cache');
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    response.setHeader('content-length', body.length);
    response.end(method === 'HEAD' ? undefined : body);
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

/** Not every browser takes `'self'` for the WebSocket of the same place. @param host has been checked */
const headersFor = (host: string, hasGuests: boolean): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `connect-src 'self' ws://${host} wss://${host}${hasGuests ? ' ws://127.0.0.1:* ws://localhost:*' : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': hasGuests ? 'unsafe-none' : 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
});

const urlOf = (url: string): URL | undefined =>
  URL.canParse(url, 'http://page') ? new URL(url, 'http://page') : undefined;

function pathOf(url: URL | undefined): string {
  try {
    return decodeURIComponent(url?.pathname ?? '');
  } catch {
    return '';
  }
}

const addressOf = (folder: string, file: string): string => `/${relative(folder, file).split(sep).join('/')}`;

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesOf(path) : entry.isFile() ? [path] : [];
  });
