/**
 * A hub behind HTTP and WebSocket, for the inspector and for tools.
 *
 * Owns: the port, who comes in, the connections. Does not own: the hub, which goes on when the server closes.
 */
import { randomBytes } from 'node:crypto';
import { WebSocketServer } from 'ws';
import { redaction } from '../actors/redaction.ts';
import { fieldsOf } from '../hub/given.ts';
import type { Hub } from '../hub/hub.ts';
import { closeCodes, maxMessageBytes } from '../line/protocol.ts';
import { HubError } from '../machines/errors.ts';
import { refuseUnknown } from '../machines/parse.ts';
import { Admission } from './admission.ts';
import { Connection } from './connection.ts';
import { openFront } from './front.ts';
import { type Served, servedHub } from './served.ts';

export interface ServeOptions {
  /** Default: any that is free. */
  readonly port?: number;
  /** Default: `127.0.0.1`, which only this machine reaches. For others, put something with TLS in front. */
  readonly host?: string;
  /** What whoever attaches has to know; they say themselves who they are. Default: a new one. */
  readonly token?: string;
  /** Tokens of one person each, by name: who has one acts under that name and no other. */
  readonly people?: { readonly [name: string]: string };
  /** Whether to serve the inspector's page, or the folder that has it. Default: true. */
  readonly page?: boolean | string;
  /** Other origins whose pages may attach (`https://ops.example.com`). Default: none. */
  readonly allowedOrigins?: readonly string[];
  /** Keys or ends of dotted paths (`auth.token`) whose values never leave. */
  readonly redact?: readonly string[];
  /** Default: 64. */
  readonly maxConnections?: number;
}

const names: { readonly [option in keyof ServeOptions]-?: readonly string[] } = {
  port: [],
  host: [],
  token: [],
  people: [],
  page: [],
  allowedOrigins: [],
  redact: [],
  maxConnections: [],
};
const known = new Map(Object.entries(names));

export interface HubServer {
  /** `http://127.0.0.1:4700/` */
  readonly url: string;
  /** `ws://127.0.0.1:4700/hub` */
  readonly hubUrl: string;
  readonly token: string;
  /** The page, attached to this hub. The token stands behind the `#`, so that it is in no request and no log. */
  readonly link: string;
  readonly connections: number;
  /** Closes every connection. The hub goes on. */
  close(): Promise<void>;
}

/**
 * Serves a hub, and the page to look at it.
 *
 * Rejects with `conflict` when the port is taken, with `invalid` when it cannot be had, and for options that cannot be.
 */
export const serveHub = (hub: Hub, options: ServeOptions = {}): Promise<HubServer> => serve(servedHub(hub), options);

export async function serve(served: Served, given: ServeOptions = {}): Promise<HubServer> {
  const options = fieldsOf(given, 'the options of a server');
  refuseUnknown(options, known);
  const { port = 0, host = '127.0.0.1', page = true, people = {}, allowedOrigins = [], maxConnections = 64 } = options;
  const token = options.token ?? randomBytes(24).toString('base64url');
  refuseBad(token, options);
  const admission = new Admission({ host, allowedOrigins, token, people });
  const parts = { served, admission, clean: redaction(options.redact ?? []) };
  const connections = new Set<Connection>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false });
  const front = await openFront({
    port,
    host,
    page,
    admission,
    onHub(request, socket, head) {
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = new Connection(webSocket, parts);
        if (connections.size >= maxConnections) return connection.close(closeCodes.tooMany, 'too many are attached');
        connections.add(connection);
        webSocket.on('close', () => connections.delete(connection));
      });
    },
  });
  return {
    url: front.url,
    hubUrl: front.hubUrl,
    token,
    link: linkTo(front, token),
    get connections() {
      return connections.size;
    },
    async close() {
      for (const connection of connections) connection.close(1001, 'the server is closing');
      for (const client of sockets.clients) setTimeout(() => client.terminate(), 500).unref();
      await front.close();
    },
  };
}

/** The page, attached. @param parameter `hub`, or `offers` to begin at the gallery */
export function linkTo({ url, hubUrl }: Pick<HubServer, 'url' | 'hubUrl'>, token: string, parameter = 'hub'): string {
  return `${url}#${new URLSearchParams({ [parameter]: hubUrl, ...(token !== '' && { token }) })}`;
}

function refuseBad(token: string, { people = {}, allowedOrigins = [], port = 0 }: ServeOptions): void {
  const invalid = (path: string, expected: string) =>
    new HubError('invalid', `${path}: expected ${expected}`, { path, expected });
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) throw invalid('port', 'a port from 0 to 65535');
  const tokens = [token, ...Object.values(people)];
  if (tokens.some((one) => typeof one !== 'string' || one.length < 8 || one.length > 512)) {
    throw invalid('token', 'a token of 8 to 512 characters');
  }
  if (new Set(tokens).size < tokens.length) throw invalid('people', 'a token of their own for everybody');
  for (const origin of allowedOrigins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw invalid('allowedOrigins', `an origin such as https://ops.example.com, not ${origin}`);
    }
  }
}
