/**
 * The coordination folder of a project: every file that is read or written goes through here.
 *
 * Owns: what is inside and what is not, whole files. Does not own: what stands in them.
 *
 * - Fo1 nothing outside of the project's directory is read or written: names are checked, and a link that leads out
 *   is refused, wherever on the path it stands.
 * - Fo2 a file is replaced whole: written beside, flushed to the disk, renamed. Whoever reads sees the old one or the
 *   new one.
 * - Fo3 reading never waits: what is no regular file (a pipe, a device) or is too large is refused.
 */
import { type Dirent, lstatSync, renameSync, type Stats } from 'node:fs';
import {
  constants,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  stat,
  unlink,
} from 'node:fs/promises';
import { join, sep } from 'node:path';
import { HubError } from '../machines/errors.ts';
import { isFileName } from './file-names.ts';

/** The names on the way to a file or folder, from the coordination folder. */
export type FilePath = readonly string[];

export interface FileText {
  readonly text: string;
  /** Another one when the file has changed. */
  readonly stamp: string;
  /** When it was changed last, in ms since the epoch. */
  readonly changedAt: number;
}

const name = 'coordination';
const temporary = /^\.xstate-hub-[\d-]+\.tmp$/;
const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY, O_WRONLY } = constants;

export class Folder {
  /** Where it is, without links. */
  readonly root: string;
  readonly #project: string;
  #written = 0;

  private constructor(project: string, root: string) {
    this.#project = project;
    this.root = root;
  }

  /** Rejects with `ENOENT` when there is no such directory, with `forbidden` when its folder leads out of it. */
  static async open(directory: string): Promise<Folder> {
    const project = await realpath(directory);
    if (!(await stat(project)).isDirectory()) throw systemError('ENOTDIR', directory);
    const folder = new Folder(project, join(project, name));
    await folder.#step(project, name, true);
    return new Folder(project, await realpath(folder.root));
  }

  /** How people know it: `coordination/task-queue.json`. */
  nameOf(path: FilePath): string {
    return [name, ...path].join('/');
  }

  /** The text, or undefined when there is no such file. */
  async read(path: FilePath, maxBytes: number): Promise<FileText | undefined> {
    const found = await this.#find(path, false);
    if (found === undefined) return undefined;
    return orNothing(async () => {
      const file = await open(found, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        const stats = await file.stat();
        if (!stats.isFile()) throw this.#refusal(path, 'is no regular file');
        if (stats.size > maxBytes) throw this.#refusal(path, `is larger than ${maxBytes} bytes`);
        return { text: await file.readFile('utf8'), stamp: stampOf(stats), changedAt: stats.mtimeMs };
      } finally {
        await file.close();
      }
    });
  }

  /** What changes with the file; undefined when there is none. */
  async stamp(path: FilePath): Promise<string | undefined> {
    const found = await this.#find(path, false);
    return found === undefined ? undefined : orNothing(async () => stampOf(await lstat(found)));
  }

  /** When a file of the project was changed last, in ms since the epoch; 0 for what is no file in it (Fo1). */
  async changedAt(file: string): Promise<number> {
    try {
      const place = await realpath(join(this.#project, file));
      if (!place.startsWith(`${this.#project}${sep}`)) return 0;
      const stats = await lstat(place);
      return stats.isFile() ? stats.mtimeMs : 0;
    } catch {
      return 0; // It is not there, or has a name that none can have.
    }
  }

  async write(path: FilePath, text: string): Promise<void> {
    await this.#replace(path, text, (beside, target) => rename(beside, target));
  }

  /**
   * Replaces a file that others write, too, unless it is not any more as it was read; false then.
   *
   * Looking and renaming is no one step on any system: what somebody puts there within those microseconds is lost.
   */
  async writeIfStill(path: FilePath, text: string, stamp: string): Promise<boolean> {
    let isStill = false;
    await this.#replace(path, text, async (beside, target) => {
      const now = lstatSync(target, { throwIfNoEntry: false });
      isStill = now !== undefined && stampOf(now) === stamp;
      if (isStill) renameSync(beside, target);
      else await unlink(beside);
    });
    return isStill;
  }

  async #replace(path: FilePath, text: string, put: (beside: string, target: string) => Promise<void>): Promise<void> {
    const target = await this.place(path);
    const before = await orNothing(() => lstat(target));
    const beside = join(target, '..', `.xstate-hub-${process.pid}-${++this.#written}.tmp`);
    try {
      const file = await open(beside, 'wx', before?.isFile() ? before.mode & 0o777 : 0o666);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await put(beside, target);
    } catch (error) {
      await unlink(beside).catch(() => {});
      if (error instanceof Error) error.message = error.message.replaceAll(beside, target); // Which has a new name each time.
      throw error;
    }
    await flushDirectory(join(target, '..'));
  }

  /** Adds to the end of a file, in one piece and flushed. */
  async append(path: FilePath, text: string): Promise<void> {
    const file = await this.openForAppending(path);
    try {
      await file.appendFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  async openForAppending(path: FilePath): Promise<FileHandle> {
    const target = await this.place(path);
    const file = await open(target, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK, 0o666);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw this.#refusal(path, 'is no regular file');
  }

  /** Moves a file within the folder; false when it is not there. */
  async move(from: FilePath, to: FilePath): Promise<boolean> {
    this.#check(to);
    const source = await this.#find(from, false);
    if (source === undefined) return false;
    const target = await this.place(to);
    const moved = await orNothing(async () => {
      await rename(source, target);
      return true;
    });
    return moved ?? false;
  }

  /** The names of the files in a folder, hidden ones left out; none when it is not there. */
  async names(path: FilePath): Promise<string[]> {
    return (await this.#list(path)).filter((one) => !one.isDirectory()).map((one) => one.name);
  }

  /** The names of the folders in a folder, hidden ones and links left out. */
  async folders(path: FilePath): Promise<string[]> {
    return (await this.#list(path)).filter((one) => one.isDirectory()).map((one) => one.name);
  }

  async #list(path: FilePath): Promise<Dirent[]> {
    const found = path.length === 0 ? this.root : await this.#find(path, false);
    const list = found === undefined ? undefined : await orNothing(() => readdir(found, { withFileTypes: true }));
    return (list ?? []).filter((one) => !one.name.startsWith('.'));
  }

  /** Where a file is, or would be; the folders on the way are made. */
  async place(path: FilePath): Promise<string> {
    return (await this.#find(path, true)) as string;
  }

  /** Makes a folder, and gives its place. */
  async make(path: FilePath): Promise<string> {
    this.#check(path);
    let here = this.root;
    for (const one of path) here = (await this.#step(here, one, true)) as string;
    return here;
  }

  /** Takes away what a process that was killed was writing. Only the one writer of the folder may do so. */
  async sweep(path: FilePath): Promise<void> {
    const found = path.length === 0 ? this.root : await this.#find(path, false);
    if (found === undefined) return;
    for (const one of (await orNothing(() => readdir(found))) ?? []) {
      if (temporary.test(one)) await orNothing(() => unlink(join(found, one)));
    }
  }

  /** Where the path leads, links followed; undefined when a folder on the way or the file itself is not there. */
  async #find(path: FilePath, make: boolean): Promise<string | undefined> {
    this.#check(path);
    let here: string | undefined = this.root;
    for (const one of path.slice(0, -1)) {
      here = await this.#step(here, one, make);
      if (here === undefined) return undefined;
    }
    const file = join(here, path.at(-1) ?? '');
    const stats = await orNothing(() => lstat(file));
    if (stats === undefined) return make ? file : undefined;
    return stats.isSymbolicLink() ? this.#follow(file) : file;
  }

  /** One folder further. */
  async #step(from: string, to: string, make: boolean): Promise<string | undefined> {
    const next = join(from, to);
    const stats = await orNothing(() => lstat(next));
    if (stats === undefined) {
      if (!make) return undefined;
      await mkdir(next).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      return this.#step(from, to, false);
    }
    return stats.isSymbolicLink() ? this.#follow(next) : next;
  }

  async #follow(link: string): Promise<string> {
    const target = await realpath(link);
    if (target.startsWith(`${this.#project}${sep}`)) return target;
    throw new HubError('forbidden', `${link}: is a link that leads out of ${this.#project}`, { path: link });
  }

  #check(path: FilePath): void {
    if (!path.every((one) => isFileName(one))) throw this.#refusal(path, 'is no name for a file here');
  }

  #refusal(path: FilePath, why: string): HubError {
    const shown = this.nameOf(path).slice(0, 300);
    return new HubError('forbidden', `${JSON.stringify(shown).slice(1, -1)}: ${why}`, { path: shown });
  }
}

/** What `work` gives; undefined when there is no such file. */
async function orNothing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

const stampOf = ({ ino, size, mtimeMs, ctimeMs }: Stats): string => [ino, size, mtimeMs, ctimeMs].join(':');

/** Makes a rename last. Not every system can. */
export async function flushDirectory(directory: string): Promise<void> {
  const file = await open(directory, O_RDONLY).catch(() => undefined);
  await file?.sync().catch(() => {});
  await file?.close();
}

function systemError(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}
