/**
 * Who may come in.
 *
 * - Ad1 a page of another origin may not, whatever token it has: browsers say where a page is from.
 * - Ad2 a name that was made to lead here may not (DNS rebinding): the server is called by its number, by `localhost`,
 *   or by a name that it was given.
 * - Ad3 tokens are compared in constant time.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

export interface AdmissionOptions {
  readonly host: string;
  /** Other origins whose pages may attach. */
  readonly allowedOrigins: readonly string[];
  /** Anybody's. */
  readonly token: string;
  /** Tokens that belong to one person each, by name. */
  readonly people: { readonly [name: string]: string };
}

export class Admission {
  readonly #origins: ReadonlySet<string>;
  readonly #names: ReadonlySet<string>;
  readonly #tokens: readonly { readonly hash: Buffer; readonly person: string | null }[];

  constructor({ host, allowedOrigins, token, people }: AdmissionOptions) {
    this.#origins = new Set(allowedOrigins);
    this.#names = new Set(['localhost', host.toLowerCase(), ...allowedOrigins.map((one) => new URL(one).hostname)]);
    this.#tokens = [
      { hash: hashOf(token), person: null },
      ...Object.entries(people).map(([person, own]) => ({ hash: hashOf(own), person })),
    ];
  }

  /** Whether it was called by a name that is its own (Ad2). */
  isCalledRightly({ headers: { host = '' } }: IncomingMessage): boolean {
    const name = hostName(host);
    return name !== undefined && (isIP(name) !== 0 || this.#names.has(name));
  }

  /** Whether whoever asks is no browser, or shows a page of ours (Ad1). */
  isOurs({ headers: { origin, host = '' } }: IncomingMessage): boolean {
    if (origin === undefined) return true;
    return origin === `http://${host}` || origin === `https://${host}` || this.#origins.has(origin);
  }

  /** Whom the token belongs to, null for anybody; undefined when there is no such token (Ad3). */
  personOf(token: string): string | null | undefined {
    const given = hashOf(token);
    let found: string | null | undefined;
    for (const { hash, person } of this.#tokens) if (timingSafeEqual(hash, given)) found = person;
    return found;
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The name in a `Host` header, as it is written in addresses; IPv6 without its brackets. */
function hostName(host: string): string | undefined {
  try {
    return new URL(`http://${host}`).hostname.replace(/^\[(.*)\]$/, '$1');
  } catch {
    return undefined;
  }
}
