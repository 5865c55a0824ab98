/**
 * One writer for each folder: a file that says which process it is.
 *
 * - Lk1 the lock of a process that is gone is taken over. On this machine that is known from its id and when it
 *   began; of another machine from how long the lock has not been touched.
 * - Lk2 one at a time takes a stale lock away: whoever made the claim beside it, which has the name of its content.
 *   Whatever is there by then and is not that content stays.
 */
import { link, open, readFile, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type Environment, sleep } from '../actors/environment.ts';
import { HubError } from '../machines/errors.ts';
import { contentHash } from '../machines/hash.ts';
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

/** Rejects with `conflict` when another process has it, or this one. `place` is the file's full path. */
export async function takeLock(place: string, environment: Environment): Promise<Lock> {
  if (held.has(place)) throw taken(place, `process ${process.pid}, this one,`);
  held.add(place);
  try {
    return await take(place, environment);
  } catch (error) {
    held.delete(place);
    throw error;
  }
}

async function take(place: string, environment: Environment): Promise<Lock> {
  const { now, id } = environment;
  const text = JSON.stringify({ pid: process.pid, host: hostname(), began: await beginOf(process.pid), token: id() });
  for (let tries = 0; tries < 50; tries++) {
    if (await create(place, text, id())) return lockAt(place, text, now);
    const found = await readFile(place, 'utf8').catch(() => undefined);
    if (found === undefined) continue; // It was released meanwhile.
    const holder = holderIn(found);
    if (holder !== undefined && (await isThere(place, holder, now()))) {
      throw taken(place, `process ${holder.pid} on ${holder.host}`);
    }
    await clear(place, found, now());
    await sleep(environment, 10);
  }
  throw taken(place, 'another process');
}

const taken = (place: string, who: string): HubError =>
  new HubError('conflict', `${place}: ${who} coordinates this folder`, { path: place });

async function create(place: string, text: string, id: string): Promise<boolean> {
  // Written beside and linked, so that nobody sees a lock without its holder.
  const beside = `${place}.${id}`;
  const file = await open(beside, 'wx');
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

/** Takes a stale lock away, unless somebody else is at it (Lk2). */
async function clear(place: string, stale: string, now: number): Promise<void> {
  const claim = `${place}.${contentHash(stale).slice(0, 16)}`;
  try {
    await (await open(claim, 'wx')).close();
  } catch {
    // Somebody else is at it; or was, and is gone.
    if (now - (await changedAt(claim)) > patience) await unlink(claim).catch(() => {});
    return;
  }
  try {
    if ((await readFile(place, 'utf8').catch(() => undefined)) === stale) await unlink(place);
  } finally {
    await unlink(claim);
  }
}

/** When a file was changed last; never when it is not there. */
const changedAt = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );

function holderIn(text: string): Holder | undefined {
  try {
    const { pid, host, began } = parseJson(text, 'lock') as Holder;
    return Number.isSafeInteger(pid) && pid > 0 ? { pid, host, began } : undefined;
  } catch {
    return undefined;
  }
}

async function isThere(place: string, holder: Holder, now: number): Promise<boolean> {
  if (holder.host !== hostname()) {
    return now - (await changedAt(place)) < patience;
  }
  if (holder.pid === process.pid) return false; // An earlier process had our id: this one has no lock here.
  if (!isProcessThere(holder.pid)) return false;
  const began = await beginOf(holder.pid);
  return holder.began === null || began === null || began === holder.began;
}

/** Whether this machine has a process of that id. */
export function isProcessThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
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
