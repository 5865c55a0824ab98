/** `xstate-hub inspect`: the page, with a hub of its own, a log that was kept, or a hub that runs elsewhere. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Store } from '../actors/store.ts';
import { createHub } from '../hub/create-hub.ts';
import type { HubServer, ServeOptions } from '../server/serve-hub.ts';
import { refuse } from './bad-input.ts';
import { type Command, type CommandIo, type ExitCode, painter, UsageError } from './command.ts';
import { employ } from './demo-team.ts';
import { type LogFile, logFile, openStore, readRecords, storeFile } from './log-file.ts';
import { hasDesktop, openBrowser } from './open-browser.ts';

const usage = `Usage: xstate-hub inspect [LOG|URL] [options]

Serves the inspector's page at an address of this machine, prints that address, and opens it in a browser.

  without LOG or URL     the gallery of scenarios, which run in the page itself; and "Live hub": a hub with a small
                         team that works in real time in this process. Send it work there, and decide at its gates.
  LOG                    a log that was kept: sqlite:FILE, or a file that ends in .jsonl
  URL                    a hub in another process: the ws:// address of its server, or the http:// link that it printed

Options:
  --port N               the port to serve at; default 4700, or the next one that is free
  --host H               the address to serve at; default 127.0.0.1, which only this machine reaches
  --token T              what whoever attaches has to know; default a new one. With URL: what that hub wants
  --store sqlite:FILE    keeps the log of the live hub in FILE, and goes on from there; default a file that is
                         removed at the end
  --no-open              opens no browser; none is opened in CI, without a desktop, or when no terminal reads along
  --json                 prints one line of JSON: { link, url, hub, token }

Ctrl-C stops it. The page needs no network beside this address.

Exit codes: 0 stopped by Ctrl-C, 1 the hub failed, 2 bad input, or no place to serve at`;

const firstPort = 4700;
const portsToTry = 50;

interface Options {
  readonly what: string | undefined;
  readonly port: number | undefined;
  readonly host: string;
  readonly token: string | undefined;
  readonly store: LogFile | undefined;
  readonly json: boolean;
  readonly mayOpen: boolean;
}

/** What is served, for as long as it is. */
interface Serving {
  readonly server: HubServer;
  readonly link: string;
  /** For people. */
  readonly title: string;
  /** Rejects when it cannot go on. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

type Listen = (listen: (place: Pick<ServeOptions, 'port' | 'host'>) => Promise<HubServer>) => Promise<HubServer>;

export const inspect: Command = {
  name: 'inspect',
  summary: 'look at scenarios, a log, or a live hub in the browser',
  usage,
  async run(args, io) {
    const options = readOptions(args);
    let serving: Serving;
    try {
      serving = await serve(options);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      return refuse(error, options.what ?? options.store?.path ?? 'inspect', options.json, io);
    }
    announce(serving, options, io);
    return await untilStopped(serving, io);
  },
};

function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      token: { type: 'string' },
      store: { type: 'string' },
      json: { type: 'boolean', default: false },
      'no-open': { type: 'boolean', default: false },
    },
  });
  const [what, extra] = positionals;
  if (extra !== undefined) throw new UsageError(`"${extra}" is one too many`);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new UsageError('--port takes a number from 0 to 65535');
  }
  if (values.token !== undefined && values.token.length < 8 && !isElsewhere(what))
    throw new UsageError('--token takes 8 characters or more');
  const store = values.store === undefined ? undefined : storeFile(values.store);
  if (store !== undefined && what !== undefined)
    throw new UsageError('--store is for the live hub, without LOG or URL');
  if (what !== undefined && /\.ya?ml$/.test(what)) {
    throw new UsageError(`${what} is a scenario: drop it on the page, or xstate-hub run ${what}`);
  }
  return {
    what,
    port,
    host: values.host,
    token: values.token,
    store,
    json: values.json,
    mayOpen: !values['no-open'] && !values.json,
  };
}

const isElsewhere = (what: string | undefined): what is string => /^(ws|http)s?:\/\//.test(what ?? '');

async function serve(options: Options): Promise<Serving> {
  const listen: Listen = (open) => listenAt(options, open);
  if (options.what === undefined) return await serveDemo(options, listen);
  if (isElsewhere(options.what)) return await serveElsewhere(options.what, options.token, listen);
  return await serveLog(logFile(options.what, ', or the ws:// or http:// address of a hub'), options.token, listen);
}

/** At the port that was asked for, or at the first one that is free. */
async function listenAt({ port, host }: Options, open: Parameters<Listen>[0]): Promise<HubServer> {
  if (port !== undefined) return await open({ port, host });
  for (let next = firstPort; ; next++) {
    try {
      return await open({ port: next < firstPort + portsToTry ? next : 0, host });
    } catch (error) {
      const isTaken = (error as { readonly code?: unknown }).code === 'conflict';
      if (!isTaken || next > firstPort + portsToTry) throw error;
    }
  }
}

async function serveDemo({ token, store: file }: Options, listen: Listen): Promise<Serving> {
  const { linkTo, serveHub } = await withSockets(import('../server/serve-hub.ts'));
  const folder = file === undefined ? await mkdtemp(join(tmpdir(), 'xstate-hub-inspect-')) : undefined;
  const removeFolder = async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    const store = await openStore(file ?? { kind: 'sqlite', path: join(folder ?? '', 'demo.db') }).catch((error) => {
      if (file !== undefined || !(error instanceof UsageError)) throw error;
      return undefined; // Without the library the hub keeps its log in memory; nobody asked for more.
    });
    const hub = await createHub({ project: 'demo', ...(store && { store: store as Store }) });
    const server = await listen((place) => serveHub(hub, { ...place, ...(token !== undefined && { token }) })).catch(
      async (error) => {
        await hub.stop();
        throw error;
      },
    );
    employ(hub);
    return {
      server,
      link: linkTo(server, server.token, 'offers'),
      title: 'the gallery of scenarios, and a live hub',
      failed: hub.stopped.then(() => new Promise<never>(() => {})),
      async close() {
        await server.close();
        await hub.stop('the inspector was stopped');
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

async function serveLog(file: LogFile, token: string | undefined, listen: Listen): Promise<Serving> {
  const { serve: serveAny } = await withSockets(import('../server/serve-hub.ts'));
  const { recordedLog } = await import('../server/served.ts');
  const records = await readRecords(file);
  const [first] = records;
  if (first === undefined) throw new UsageError(`${file.path}: there is no record in it`);
  if (first.seq !== 1) {
    throw new UsageError(`${file.path} begins at record ${first.seq}: what was before is not kept, and is needed`);
  }
  const log = recordedLog(records, basename(file.path));
  const server = await listen((place) => serveAny(log, { ...place, ...(token !== undefined && { token }) }));
  const title = `${file.path}, ${records.length} records`;
  return { server, link: server.link, title, failed: never(), close: () => server.close() };
}

async function serveElsewhere(address: string, givenToken: string | undefined, listen: Listen): Promise<Serving> {
  const { relay } = await withSockets(import('../server/relay.ts'));
  const { url, token } = hubAt(address, givenToken);
  const { project } = await knock(url, token);
  const server = await listen((place) => relay(url, { ...place, token }));
  return {
    server,
    link: server.link,
    title: `the hub ${project} at ${url.host}`,
    failed: never(),
    close: () => server.close(),
  };
}

/** What a link says of the hub that it leads to. */
function hubAt(address: string, givenToken: string | undefined): { readonly url: URL; readonly token: string } {
  if (!URL.canParse(address)) throw new UsageError(`"${address}" is no address`);
  const link = new URL(address);
  const params = new URLSearchParams(link.hash.slice(1));
  const named = params.get('hub') ?? params.get('offers');
  const url = named !== null && URL.canParse(named) ? new URL(named) : new URL(link);
  url.protocol = url.protocol.replace('http', 'ws');
  if (url.pathname === '/') url.pathname = '/hub';
  url.hash = '';
  return { url, token: givenToken ?? params.get('token') ?? '' };
}

/** Whether somebody is there who lets us in; rejects with what they say. */
async function knock(url: URL, token: string): Promise<{ readonly project: string }> {
  const [{ hubLine }, { WebSocket }] = await Promise.all([import('../line/hub-line.ts'), import('ws')]);
  const line = hubLine({ url: url.href, token, WebSocket, onRecords() {} });
  try {
    return await line.attached;
  } finally {
    line.close();
  }
}

function announce({ server, link, title }: Serving, { json, mayOpen }: Options, io: CommandIo): void {
  if (json) {
    const { url, hubUrl, token } = server;
    io.stdout.write(`${JSON.stringify({ link, url, hub: hubUrl, token })}\n`);
    return;
  }
  const paint = painter(io);
  const opens = mayOpen && hasDesktop(io);
  io.stdout.write(`\n  ${paint('bold', 'xstate-hub')}  ${title}\n\n  ${paint('cyan', link)}\n\n`);
  io.stdout.write(paint('dim', `  ${opens ? 'It opens in your browser. ' : ''}Ctrl-C stops it.\n\n`));
  if (opens) openBrowser(link);
}

async function untilStopped({ failed, close }: Serving, io: CommandIo): Promise<ExitCode> {
  const stopped = new Promise<void>((resolve) => {
    if (io.signal?.aborted) resolve();
    io.signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    await Promise.race([stopped, failed]);
    return 0;
  } catch (error) {
    io.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    await close().catch(() => {}); // What failed was told already.
  }
}

const never = (): Promise<never> => new Promise(() => {});

/** The library is an optional part of the package. */
async function withSockets<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new UsageError('the inspector needs the package ws: npm install ws');
  }
}
