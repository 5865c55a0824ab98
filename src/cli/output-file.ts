/** Files that a command writes, and what keeps it from that. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { HubError } from '../machines/errors.ts';

/** What is in a log may be for its owner alone. */
const forOwner = { mode: 0o600 };

const reasons: { readonly [code: string]: string } = {
  EISDIR: 'it is a folder',
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  EROFS: 'it may not be written',
  ENOSPC: 'the disk is full',
};

export async function writeOutput(path: string, text: string | Iterable<string>): Promise<void> {
  await orRefuse(path, () => writeFile(path, text, forOwner));
}

/** Makes the folder, and those that it is in, where they are missing. */
export async function makeFolder(path: string): Promise<void> {
  await orRefuse(path, () => mkdir(path, { recursive: true }));
}

/**
 * Throws `invalid` when nothing could be written there, or when it is a file that is read: before the work is done.
 *
 * @param sources what the command reads
 */
export async function checkOutput(path: string, sources: readonly string[]): Promise<void> {
  const found = await orRefuse(path, () => statOf(path));
  if (found?.isDirectory()) throw refusal(path, 'it is a folder');
  if ((await statOf(dirname(resolve(path)))) === undefined) throw refusal(path, `there is no folder ${dirname(path)}`);
  for (const source of sources) {
    const other = await statOf(source);
    if (found !== undefined && other?.ino === found.ino && other.dev === found.dev) {
      throw refusal(path, 'it is what is read, and would be gone');
    }
  }
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function orRefuse<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === '') throw error;
    const isLost = code === 'ENOENT' || code === 'ENOTDIR';
    throw refusal(path, isLost ? `there is no folder ${dirname(path)}` : (reasons[code] ?? code), error);
  }
}

const refusal = (path: string, why: string, cause?: unknown): HubError =>
  new HubError('invalid', `${path} cannot be written: ${why}`, { expected: 'a file that can be written', cause });
