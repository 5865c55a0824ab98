import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHub } from 'xstate-hub';
import { sqliteStore } from 'xstate-hub/sqlite';
import { addLive, hubWith, passThrough } from './fixture.js';
import { now, spread } from './rounds.js';

export const title = 'opening a hub on a log in SQLite, in a new process, until it takes work';
export const notMeasured = 'a disk that has to be read (the file was just written), agents coming back, large payloads';

/** Records behind the checkpoint: as many as there can be with the default of `checkpointEvery`. */
const tail = 100_000;
const never = Number.POSITIVE_INFINITY;

/** Each step runs in a process of its own, and one that is killed has not saved its last checkpoint. */
const steps = {
  /** A log with live tasks and a checkpoint at its end; answers how long saving that took. */
  async fill(path, live) {
    const store = sqliteStore({ path });
    const { save } = store.checkpoints;
    let took = 0;
    store.checkpoints.save = (seq, changes) => {
      const began = now();
      save(seq, changes);
      took = now() - began;
    };
    const hub = await hubWith({ agents: 100, store, checkpointEvery: never });
    await addLive(hub, Number(live));
    await hub.stop();
    return took;
  },
  /** Records behind that, of tasks that come and go; no checkpoint. */
  async tail(path) {
    const hub = await hubWith({ agents: 100, store: sqliteStore({ path }), checkpointEvery: never });
    const end = hub.status().seq + tail;
    while (hub.status().seq < end) await passThrough(hub, 100, 100, now);
    await hub.settled();
    return 0;
  },
  async recover(path, how) {
    const began = now();
    const { checkpoints, ...withoutCheckpoints } = sqliteStore({ path });
    const store = how === 'whole' ? withoutCheckpoints : { ...withoutCheckpoints, checkpoints };
    await createHub({ project: 'bench', store });
    return now() - began;
  },
};

export async function run({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-bench-'));
  const live = quick ? 10_000 : 100_000;
  const rounds = quick ? 3 : 5;
  const path = join(folder, 'log.db');
  const opened = (times, how) =>
    Array.from({ length: times }, () => {
      const copy = join(folder, 'copy.db');
      for (const suffix of ['', '-wal', '-shm']) {
        rmSync(`${copy}${suffix}`, { force: true });
        if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`);
      }
      return inOwnProcess('recover', copy, how) / 1000;
    });
  try {
    const saving = inOwnProcess('fill', path, live) / 1000;
    const atEnd = opened(rounds);
    inOwnProcess('tail', path);
    const tasks = `${live.toLocaleString('en')} live tasks`;
    return [
      spread(`${tasks}, from a checkpoint at the end`, atEnd, 's', { atMost: 5 }),
      spread(`the same with ${tail.toLocaleString('en')} records behind it`, opened(rounds), 's', { atMost: 5 }),
      spread('the same without a checkpoint: the whole log', opened(quick ? 1 : 3, 'whole'), 's'),
      spread('saving that checkpoint, of which all is new', [saving], 's'),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inOwnProcess(...words) {
  const { status, stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...words.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${words[0]} failed`);
  return Number(stdout);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [step, ...words] = process.argv.slice(2);
  process.stdout.write(String(await steps[step](...words)), () => process.exit(0));
}
