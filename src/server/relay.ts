/**
 * The page for a hub that is elsewhere: what comes in goes on to that one's server, byte by byte.
 *
 * - Rl1 the page talks to its own server only, so its policy stays as strict as ever.
 * - Rl2 nothing is kept here: who reads slowly is slow for the hub's server, which knows what to do about it.
 */
import type { IncomingMessage } from 'node:http';
import { connect as connectPlainly, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectSecurely } from 'node:tls';
import { Admission } from './admission.ts';
import { openFront, turnAway } from './front.ts';
import { type HubServer, linkTo, type ServeOptions } from './serve-hub.ts';

export interface RelayOptions extends Pick<ServeOptions, 'port' | 'host' | 'page'> {
  /** The token that the other server wants. */
  readonly token: string;
}

/** @param hubUrl `ws://` or `wss://` */
export async function relay(hubUrl: URL, options: RelayOptions): Promise<HubServer> {
  const { port = 0, host = '127.0.0.1', page = true, token } = options;
  const lines = new Set<Duplex>();
  const front = await openFront({
    port,
    host,
    page,
    // Who may attach is the other server's business; here it is only about which pages may come in.
    admission: new Admission({ host, allowedOrigins: [], token, people: {} }),
    onHub(request, near, head) {
      const far = connectTo(hubUrl);
      let isThrough = false;
      far.once(hubUrl.protocol === 'wss:' ? 'secureConnect' : 'connect', () => {
        isThrough = true;
        far.write(requestFor(hubUrl, request));
        far.write(head);
        near.pipe(far).pipe(near);
      });
      far.on('error', () => {
        if (isThrough) near.destroy();
        else turnAway(near, '502 Bad Gateway');
      });
      lines.add(near);
      near.on('close', () => {
        lines.delete(near);
        far.destroy();
      });
      far.on('close', () => near.end());
    },
  });
  return {
    url: front.url,
    hubUrl: front.hubUrl,
    token,
    link: linkTo(front, token),
    get connections() {
      return lines.size;
    },
    async close() {
      for (const line of lines) line.destroy();
      await front.close();
    },
  };
}

function connectTo({ protocol, hostname, port }: URL): Socket {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (protocol === 'wss:') return connectSecurely({ host, port: Number(port || 443), servername: host });
  return connectPlainly({ host, port: Number(port || 80) });
}

const passedOn = ['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-extensions'] as const;

/** The same request, from a tool: no page stands behind it that the other server would have to know. */
function requestFor({ pathname, search, host }: URL, { headers }: IncomingMessage): string {
  const lines = [`GET ${pathname}${search} HTTP/1.1`, `Host: ${host}`, 'Upgrade: websocket', 'Connection: Upgrade'];
  for (const name of passedOn) if (headers[name] !== undefined) lines.push(`${name}: ${headers[name]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
