/**
 * One writer for each folder: a file that says which process it is.
 *
 * - Lk1 the lock of a process that is gone is taken over. On this machine that is known from its id and when it
 *   began; of another machine from how long the lock has not been touched.
 */
import { link, open, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { HubError } from '../machines/errors.ts';
import { parseJson } from './json-text.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When that process began, as far as the system tells: ids are used again. */
  readonly began: string | null;
}

export interface Lock {
  /** Says that its holder is still there; at least twice a minute. */
  touch(): Promise<void>;
  release(): Promise<void>;
}

/** How long the holder on another machine may say nothing, in ms. */
const patience = 60_000;

/** The locks of this process, by place. */
const held = new Set<string>();
let tried = 0;

/** Rejects with `conflict` when another process has it. `place` is the file's full path. */
export async function takeLock(place: string, now: () => number): Promise<Lock> {
  const text = JSON.stringify({ pid: process.pid, host: hostname(), began: await beginOf(process.pid) });
  for (let tries = 0; tries < 5; tries++) {
    if (await create(place, text)) {
      held.add(place);
      return lockAt(place, text, now);
    }
    const found = await readFile(place, 'utf8').catch(() => undefined);
    if (found === undefined) continue; // It was released meanwhile.
    const holder = holderIn(found);
    if (await isThere(place, holder, now())) {
      const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
      throw new HubError('conflict', `${place}: ${who} coordinates this folder`, { path: place });
    }
    await clear(place, found);
  }
  throw new HubError('conflict', `${place}: several processes want to coordinate this folder`, { path: place });
}

async function create(place: string, text: string): Promise<boolean> {
  // Written beside and linked, so that nobody sees a lock without its holder.
  const beside = `${place}.${process.pid}-${++tried}`;
  const file = await open(beside, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
    await link(beside, place);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await file.close();
    await unlink(beside);
  }
}

/** Takes a stale lock away, unless somebody else has done so and put their own there. */
async function clear(place: string, stale: string): Promise<void> {
  const aside = `${place}.${process.pid}-${++tried}`;
  try {
    await rename(place, aside);
  } catch {
    return; // Somebody else did.
  }
  if ((await readFile(aside, 'utf8')) !== stale) await link(aside, place).catch(() => {});
  await unlink(aside);
}

function holderIn(text: string): Holder | undefined {
  try {
    const { pid, host, began } = parseJson(text, 'lock') as Holder;
    return Number.isSafeInteger(pid) && pid > 0 ? { pid, host, began } : undefined;
  } catch {
    return undefined;
  }
}

async function isThere(place: string, holder: Holder | undefined, now: number): Promise<boolean> {
  if (holder === undefined) return false;
  if (holder.host !== hostname()) {
    const touchedAt = await stat(place).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    return now - touchedAt < patience;
  }
  if (holder.pid === process.pid) return held.has(place);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const began = await beginOf(holder.pid);
  return holder.began === null || began === null || began === holder.began;
}

/** When a process began, in the system's own unit; null where it does not say. */
async function beginOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

const lockAt = (place: string, text: string, now: () => number): Lock => ({
  async touch() {
    await utimes(place, now() / 1000, now() / 1000);
  },
  async release() {
    held.delete(place);
    const found = await readFile(place, 'utf8').catch(() => undefined);
    if (found === text) await unlink(place);
  },
});
