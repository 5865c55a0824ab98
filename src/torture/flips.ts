/**
 * A byte flipped in a store's file: whoever reads it is told, or reads what was written (I15).
 *
 * Does not cover: a byte that flips in the WAL that a killed hub has left looks like a torn write, and there the log
 * ends. So a hub moves its log out of the WAL when it opens and when it closes.
 */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore } from '../actors/sqlite-store.ts';
import { logHash } from '../machines/hash.ts';
import { readLog } from './judge.ts';
import type { Kind } from './kind.ts';

const flipsPerStore = 200;

export const flips: Kind = {
  name: 'flips',
  about: `a bit flipped anywhere in the file of a store at rest, ${flipsPerStore} times on each store`,
  needsStrace: false,
  rounds: 25,
  sample: 1,
  async play({ ordeal, dice, count }) {
    await ordeal.start({ tasks: dice.int(20, 60), atOnce: 6, paceMs: 0, drains: true }).ended;
    ordeal.judge(true);
    const whole = logHash(readLog(ordeal.path));
    const bytes = readFileSync(ordeal.path);
    const path = join(ordeal.folder, 'flipped.db');
    for (let flip = 0; flip < flipsPerStore; flip++) {
      const flipped = Buffer.from(bytes);
      const place = dice.int(0, bytes.length - 1);
      const bit = dice.int(0, 7);
      flipped[place] = (bytes[place] as number) ^ (1 << bit);
      writeFileSync(path, flipped);
      const found = {
        verify: outcome(() => logHash(readLog(path)), whole),
        open: outcome(() => reopened(path), whole),
      };
      for (const [reader, what] of Object.entries(found)) {
        if (what !== 'another') continue;
        copyFileSync(path, join(ordeal.folder, 'evidence.db'));
        ordeal.complain('I15', `${reader}: bit ${bit} of byte ${place} is flipped, and another log is read`);
      }
      count(found.verify === 'told' ? 'noticed' : 'of no consequence');
      for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    }
  },
};

/** What a reader makes of it: it tells of damage, reads the same log, or another one. */
function outcome(read: () => string, whole: string): 'told' | 'same' | 'another' {
  try {
    return read() === whole ? 'same' : 'another';
  } catch {
    return 'told';
  }
}

function reopened(path: string): string {
  const store = sqliteStore({ path });
  try {
    return logHash(store.read(1));
  } finally {
    store.close();
  }
}
