/** A hub in a process of its own behind a real server, and a second client that sees what the page does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { type HubLine, hubLine } from '../../../src/line/hub-line.ts';
import type { HubRecord } from '../../../src/machines/messages.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface LiveHub extends AsyncDisposable {
  readonly link: string;
  readonly url: string;
  /** What the hub says to somebody else. */
  readonly witness: Witness;
  readonly child: ChildProcess;
}

interface Witness {
  readonly line: HubLine;
  readonly records: HubRecord[];
  /** Resolves with the first record that it is true of. */
  find(is: (record: HubRecord) => boolean): Promise<HubRecord>;
}

/** @param script a process that prints `{ link, url, hub, token }` when it serves, from the root of the package */
export async function startHub(...script: readonly string[]): Promise<LiveHub> {
  const child = spawn(process.execPath, script, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const { link, url, hub, token } = await new Promise<Record<string, string>>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => resolve(JSON.parse(text) as Record<string, string>));
    child.once('exit', (code) => reject(new Error(`the hub ended with ${code}`)));
  });
  const witness = watch(hub as string, token as string);
  await witness.line.attached;
  return {
    link: link as string,
    url: url as string,
    witness,
    child,
    async [Symbol.asyncDispose]() {
      witness.line.close();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
    },
  };
}

function watch(url: string, token: string): Witness {
  const records: HubRecord[] = [];
  let waiting: { is: (record: HubRecord) => boolean; resolve: (record: HubRecord) => void }[] = [];
  const line = hubLine({
    url,
    token,
    WebSocket,
    onRecords(fresh) {
      records.push(...fresh);
      waiting = waiting.filter(({ is, resolve }) => {
        const found = fresh.find(is);
        if (found !== undefined) resolve(found);
        return found === undefined;
      });
    },
  });
  return {
    line,
    records,
    find: (is) =>
      new Promise((resolve) => {
        const found = records.find(is);
        if (found === undefined) waiting.push({ is, resolve });
        else resolve(found);
      }),
  };
}
