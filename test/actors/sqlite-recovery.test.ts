/** Hubs on SQLite that are killed: what they recover from checkpoint and tail is what the whole log says (I1, I13). */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type SqliteStore, sqliteStore } from '../../src/actors/sqlite-store.ts';
import { createHub } from '../../src/hub/create-hub.ts';
import { foldLog } from '../../src/hub/picture.ts';
import { contentHash } from '../../src/machines/hash.ts';
import { built } from '../support/built.ts';
import { processOf, type StoreProcess } from '../support/store-process.ts';
import { readAll } from '../support/store-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-recovery-'));
const checkpointEvery = 40;

/** A hub that takes tasks for ever, of which some are never done; each is said when it is acknowledged. */
const program = `
const [dist, path, keepTail, round] = process.argv.slice(1);
const { createHub } = await import(dist + '/index.js');
const { sqliteStore } = await import(dist + '/sqlite.js');
const store = sqliteStore({ path, leaseMs: 60_000, keepTail: keepTail === 'all' ? Infinity : Number(keepTail) });
const hub = await createHub({ project: 'p', store, checkpointEvery: ${checkpointEvery}, config: { keepFinished: 50 } });
const say = (text) => process.stdout.write(text + '\\n');
say('open');
for (const id of ['a', 'b', 'c']) hub.register({ id, type: 'dev', run: async () => id });
for (let index = 0; ; index++) {
  const agentType = index % 9 === 0 ? 'nobody' : 'dev';
  const task = hub.submit({ id: 'r' + round + '.' + index, type: 'x', requirements: { agentType }, metadata: { timeoutMs: 86_400_000 } });
  await task.accepted;
  say('accepted ' + task.id + ' ' + agentType);
  await new Promise((resolve) => setImmediate(resolve));
}
`;

const running: StoreProcess[] = [];
function start(path: string, keepTail: string, round: number): StoreProcess {
  const dist = pathToFileURL(built()).href;
  const args = ['--input-type=module', '-e', program, dist, path, keepTail, String(round)];
  const started = processOf(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  running.push(started);
  return started;
}

beforeAll(() => {
  built();
}, 120_000);

afterEach(async () => {
  for (const one of running.splice(0)) await one.kill();
});

/** What the hub acknowledged and nobody can do. */
const openTasks = ({ lines }: StoreProcess): string[] =>
  lines.flatMap((line) => (line.startsWith('accepted') && line.endsWith('nobody') ? [line.split(' ')[1] ?? ''] : []));

async function recovered(store: SqliteStore) {
  const hub = await createHub({ project: 'p', store, checkpointEvery: Number.POSITIVE_INFINITY });
  const picture = hub.picture();
  await hub.stop();
  return { picture, live: new Set(picture.tasks.flatMap(({ id, finishedAt }) => (finishedAt === null ? [id] : []))) };
}

test.each(['all', '0', '30'])(
  'killed again and again, with %s of its records kept',
  { timeout: 120_000 },
  async (keepTail) => {
    const path = join(folder, `${keepTail}.db`);
    const expected: string[] = [];
    for (let round = 1; round <= 4; round++) {
      const hub = start(path, keepTail, round);
      await hub.said(`accepted r${round}.${20 * round}`);
      await hub.kill();
      expected.push(...openTasks(hub));
      const read: number[] = [];
      const store = sqliteStore({ path, ...(keepTail !== 'all' && { keepTail: Number(keepTail) }) });
      const { picture, live } = await recovered({
        ...store,
        read(fromSeq) {
          read.push(fromSeq);
          return store.read(fromSeq);
        },
      });
      expect(read[0]).toBeGreaterThan(1);
      for (const id of expected) expect(live.has(id), `${id} is lost`).toBe(true);

      const again = sqliteStore({ path });
      const records = await readAll(again);
      if (keepTail === 'all') {
        const whole = foldLog(records.filter(({ seq }) => seq <= picture.status.seq));
        expect(contentHash(picture)).toBe(contentHash(whole));
      } else expect(records.length).toBeLessThanOrEqual(Number(keepTail) + checkpointEvery);
      again.close();
    }
    expect(expected.length).toBeGreaterThan(8);
  },
);
