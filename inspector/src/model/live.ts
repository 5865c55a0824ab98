/**
 * Hubs that this page knows, and the tokens for them.
 *
 * - Lv1 a token is kept as long as the tab, and in no address: a link can be given away.
 */
const tokens = 'xstate-hub tokens';
const offered = 'xstate-hub offered';
const name = 'xstate-hub name';

export interface KnownHub {
  readonly url: string;
  readonly token?: string;
}

/** @param address as a link has it: `ws://127.0.0.1:4700/hub`, or from this page on: `hub` */
export function knownHub(address: string, token: string | null): KnownHub {
  const url = new URL(address, location.href);
  url.protocol = url.protocol.replace(/^http/, 'ws');
  url.hash = '';
  const known = read(tokens);
  if (token !== null) write(tokens, { ...known, [url.href]: token });
  const kept = token ?? known[url.href];
  return { url: url.href, ...(kept !== undefined && { token: kept }) };
}

/** The hub behind this page, if it has one: the gallery offers it. */
export function offerHub(hub: KnownHub): void {
  write(offered, { url: hub.url });
}

export function offeredHub(): KnownHub | null {
  const { url } = read(offered);
  return url === undefined ? null : knownHub(url, null);
}

/** As whom the person at this page acts; an empty string until they have said so. */
export function personHere(): string {
  return localStorage.getItem(name) ?? '';
}

export function rememberPerson(person: string): void {
  localStorage.setItem(name, person);
}

function read(key: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Record<string, string>;
  } catch {
    return {};
  }
}

function write(key: string, value: Readonly<Record<string, string>>): void {
  sessionStorage.setItem(key, JSON.stringify(value));
}
