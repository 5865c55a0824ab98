/** A project with a coordination folder, and masters outside who read and write its files. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { type Coordination, type CoordinationOptions, openCoordination } from '../../src/coordination/coordination.ts';

type Fields = { readonly [key: string]: unknown };

/** Three subtasks, one after the other: parser-001-design, parser-002-implement, parser-003-deploy (of cicd). */
export const parserTask = (id = 'task-1', more: Fields = {}): Fields => ({
  id,
  title: 'Refactor the parser and deploy it',
  status: 'pending',
  orchestration_required: true,
  ...more,
});

export interface Project {
  readonly directory: string;
  /** The full path of a file of the folder. */
  path(...names: string[]): string;
  write(path: string, content: unknown): void;
  read(path: string): string;
  // biome-ignore lint/suspicious/noExplicitAny: what others wrote, for a test to look into
  json(path: string): any;
  exists(path: string): boolean;
  names(path: string): string[];
  queue(...tasks: readonly unknown[]): void;
  /** The master's answer to a subtask. */
  answer(master: string, subtaskId: string, answer: unknown): void;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  handoff(master: string, subtaskId: string): any;
  events(): Fields[];
}

export function project(): Project {
  const directory = mkdtempSync(join(tmpdir(), 'xstate-hub-coordination-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  let written = 0;
  const at = (path: string) => join(directory, 'coordination', path);
  const self: Project = {
    directory,
    path: (...names) => at(join(...names)),
    write(path, content) {
      mkdirSync(dirname(at(path)), { recursive: true });
      const beside = join(directory, `beside-${process.pid}-${written++}`);
      writeFileSync(beside, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
      renameSync(beside, at(path));
    },
    read: (path) => readFileSync(at(path), 'utf8'),
    json: (path) => JSON.parse(readFileSync(at(path), 'utf8')),
    exists: (path) => existsSync(at(path)),
    names: (path) => (existsSync(at(path)) ? readdirSync(at(path)).sort() : []),
    queue: (...tasks) => self.write('task-queue.json', { tasks }),
    answer: (master, subtaskId, answer) => self.write(`masters/${master}/results/${subtaskId}.json`, answer),
    handoff: (master, subtaskId) => {
      const path = `masters/${master}/handoffs/to-${master}-subtask-${subtaskId}.json`;
      return self.exists(path) ? self.json(path) : undefined;
    },
    events: () =>
      self.exists('dashboard-events.jsonl')
        ? self
            .read('dashboard-events.jsonl')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as Fields)
        : [],
  };
  return self;
}

/** Waits for a fact: until `look` gives something and throws nothing. */
export const eventually = <T>(look: () => T, timeout = 15_000): Promise<NonNullable<T>> =>
  vi.waitFor(
    () => {
      const found = look();
      if (found === undefined || found === null || found === false) throw new Error(`not so yet: ${look}`);
      return found;
    },
    { timeout, interval: 10 },
  );

/** In this process, stopped when the test is over; `notices` is what people were told. */
export async function coordinating(
  { directory }: Project,
  options: Partial<CoordinationOptions> = {},
): Promise<Coordination & { readonly notices: string[] }> {
  const notices: string[] = [];
  const coordination = await openCoordination({
    directory,
    pollMs: 50,
    config: { retry: { backoffMs: 1 } },
    onNotice: (text) => notices.push(text),
    ...options,
  });
  onTestFinished(() => coordination.stop().catch(() => {}));
  return { ...coordination, notices };
}

/** Waits for the handoff of a subtask that stands, and answers it. */
export async function does(
  { handoff, answer }: Project,
  master: string,
  subtaskId: string,
  content: Fields = { status: 'completed', result: `${subtaskId} is done` },
): Promise<void> {
  const { retry_count } = await eventually(() => {
    const found = handoff(master, subtaskId);
    return found?.status === undefined ? found : undefined;
  });
  answer(master, subtaskId, { ...content, ...(retry_count !== undefined && { retry_count }) });
}

/** Does all of the parser task. */
export async function doParser(at: Project): Promise<void> {
  await does(at, 'development', 'parser-001-design');
  await does(at, 'development', 'parser-002-implement');
  await does(at, 'cicd', 'parser-003-deploy');
}
