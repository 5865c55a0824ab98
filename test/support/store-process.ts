/** A process of its own that writes to a SQLite store, so that tests can kill it, stop it and let it run out of room. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { built } from './built.ts';

/**
 * What the process does: it opens the store, says `open`, and appends batches of one to seven records for ever. Each
 * is acknowledged on stdout, once `append` is done, as the seq of its last record. What goes wrong is said as
 * `error NAME MESSAGE`; then it tries once more, says what came of that as `then …`, and waits.
 */
const program = `
const [store, path, options, pace] = process.argv.slice(1);
const { sqliteStore } = await import(store);
const say = (text) => require('node:fs').writeSync(1, text + '\\n');
const record = (seq) => ({
  seq, at: seq, id: 'r' + seq, from: 'client', to: 'hub', correlationId: 'r' + seq, causationId: null,
  type: 'project.update', payload: { phase: 'phase ' + seq, metadata: { text: 'x'.repeat(300) } },
});
const told = (error) => error.name + ' ' + error.message;
try {
  const log = sqliteStore({ path, ...JSON.parse(options) });
  let seq = 0;
  for (const last of log.read(1)) seq = last.seq;
  say('open ' + seq);
  const append = async () => {
    const count = 1 + (seq % 7);
    await log.append(seq, Array.from({ length: count }, (_, index) => record(seq + 1 + index)));
    seq += count;
    say(String(seq));
  };
  const go = async () => {
    try {
      await append();
      setTimeout(go, Number(pace));
    } catch (error) {
      say('error ' + told(error));
      try {
        await append();
      } catch (again) {
        say('then ' + told(again));
      }
      setInterval(() => {}, 1000);
    }
  };
  if (Number(pace) >= 0) go();
  else setInterval(() => {}, 1000);
} catch (error) {
  say('refused ' + told(error));
}
`;

export interface StoreProcess {
  readonly child: ChildProcess;
  /** What it has said so far, line by line. */
  readonly lines: readonly string[];
  /** The seq that it acknowledged last. */
  acknowledged(): number;
  /** Resolves with the first line that begins so; rejects when it ends before. */
  said(beginning: string): Promise<string>;
  /** Ends it as a power cut would; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface StoreProcessOptions {
  /** Options of the store, but for the path. */
  readonly options?: object;
  /** Between two appends, in ms; -1 for a writer that is idle. */
  readonly paceMs?: number;
  /** Largest file that it may write, in blocks of 1024 bytes. */
  readonly mostBlocks?: number;
}

export function storeProcess(path: string, { options = {}, paceMs = 0, mostBlocks }: StoreProcessOptions = {}) {
  const store = pathToFileURL(join(built(), 'sqlite.js')).href;
  const args = [
    '--input-type=module',
    '-e',
    `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);${program}`,
    store,
    path,
    JSON.stringify(options),
    String(paceMs),
  ];
  const child =
    mostBlocks === undefined
      ? spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      : spawn('bash', ['-c', `trap '' XFSZ; ulimit -f ${mostBlocks}; exec "$@"`, 'bash', process.execPath, ...args], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
  return processOf(child);
}

/** A process that says what it does, line by line. */
export function processOf(child: ChildProcess): StoreProcess {
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  let rest = '';
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    child.once('close', () => {
      isOver = true;
      resolve();
      for (const listener of listeners) listener();
    });
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    for (const listener of listeners) listener();
  });
  const process_: StoreProcess = {
    child,
    lines,
    acknowledged: () => lines.reduce((last, line) => (/^\d+$/.test(line) ? Number(line) : last), 0),
    said(beginning) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find((line) => line.startsWith(beginning));
          if (found === undefined && !isOver) return;
          listeners.delete(look);
          if (found === undefined) reject(new Error(`it ended, and said: ${lines.slice(-5).join(' | ')}`));
          else resolve(found);
        };
        listeners.add(look);
        look();
      });
    },
    async kill() {
      child.kill('SIGKILL');
      await over;
    },
  };
  return process_;
}
