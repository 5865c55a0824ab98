/**
 * `task-queue.json`: its entries, and changes to single fields of them.
 *
 * - Qf1 one entry that cannot be read keeps none of the others back.
 * - Qf2 a change touches the fields that it is about, and not a letter besides: the file is somebody else's.
 */
import { isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { type QueuedRequest, readQueued } from '../hub/seed-format.ts';
import { HubError } from '../machines/errors.ts';
import { canonicalJson } from '../machines/json.ts';
import { lineOf, parseJson } from './json-text.ts';

export interface QueueReading {
  readonly entries: readonly QueuedRequest[];
  /** What is wrong with the others, each with file and line. */
  readonly faults: readonly string[];
}

/** Fields of entries by the entry's id. */
export type QueueChanges = ReadonlyMap<string, { readonly [field: string]: string }>;

/** Reads a list of entries, or `{ tasks: [...] }`. Throws `invalid` with file and line when it is neither. */
export function readQueue(text: string, file: string): QueueReading {
  const value = parseJson(text, file);
  const list = listIn(value);
  if (list === undefined) {
    throw new HubError('invalid', `${file}:1: expected a list of tasks, or { "tasks": [...] }`, { path: 'tasks' });
  }
  const entries: QueuedRequest[] = [];
  const faults: string[] = [];
  const ids = new Set<string>();
  for (const [index, item] of list.entries()) {
    const fault = (why: string, path = '') => {
      const where = [...(Array.isArray(value) ? [] : ['tasks']), String(index), ...path.split('.').filter(Boolean)];
      const line = lineOf(text, where);
      faults.push(`${file}${line === undefined ? '' : `:${line}`}: ${where.join('.')}: ${why}`);
    };
    try {
      const { value: entry } = readQueued(item);
      if (ids.has(entry.id)) fault(`there is another task ${entry.id}; only the first one counts`);
      else entries.push(entry);
      ids.add(entry.id);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      for (const { field, message } of error.faults) fault(message, field);
    }
  }
  return { entries, faults };
}

function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  const { tasks } = (value ?? {}) as { readonly tasks?: unknown };
  return Array.isArray(tasks) ? tasks : undefined;
}

/** The text with these fields set. */
export function changeQueue(text: string, changes: QueueChanges): string {
  const expected = JSON.parse(text.replace(/^\uFEFF/, ''));
  for (const entry of (listIn(expected) ?? []) as { [field: string]: unknown }[]) {
    for (const [field, value] of fieldsFor(idOf(entry), changes)) entry[field] = value;
  }
  try {
    const changed = edited(text, changes);
    if (canonicalJson(JSON.parse(changed.replace(/^\uFEFF/, ''))) === canonicalJson(expected)) return changed;
  } catch {
    // JSON that the editor cannot follow.
  }
  return `${JSON.stringify(expected, null, 2)}\n`;
}

const fieldsFor = (id: string | undefined, changes: QueueChanges) =>
  Object.entries((id === undefined ? undefined : changes.get(id)) ?? {});

function idOf(entry: unknown): string | undefined {
  const { task_id, id } = (entry ?? {}) as { readonly [key: string]: unknown };
  const name = task_id ?? id;
  return typeof name === 'string' ? name : undefined;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function edited(text: string, changes: QueueChanges): string {
  const root = parseDocument(text, { schema: 'core' }).contents;
  const list = isMap(root) ? root.get('tasks') : root;
  const edits: Edit[] = [];
  const done = new Set<string>();
  for (const entry of isSeq(list) ? list.items : []) {
    const id = isMap(entry) ? idOf(entry.toJSON()) : undefined;
    if (!isMap(entry) || id === undefined || done.has(id)) continue;
    done.add(id);
    for (const [field, value] of fieldsFor(id, changes)) edits.push(editOf(text, entry, field, JSON.stringify(value)));
  }
  return edits
    .sort((a, b) => b.from - a.from)
    .reduce((here, { from, to, text: put }) => here.slice(0, from) + put + here.slice(to), text);
}

function editOf(text: string, entry: YAMLMap, field: string, value: string): Edit {
  const pair = entry.items.find(({ key }) => isScalar(key) && key.value === field);
  if (pair !== undefined) {
    const [from, to] = rangeOf(pair.value);
    return { from, to, text: value };
  }
  const last = entry.items.at(-1) as Pair;
  const [, end] = rangeOf(last.value);
  const [start] = rangeOf(last.key);
  const before = text.slice(text.lastIndexOf('\n', start) + 1, start);
  const gap = /^\s*$/.test(before) && text.includes('\n') ? `\n${before}` : ' ';
  return { from: end, to: end, text: `,${gap}${JSON.stringify(field)}: ${value}` };
}

function rangeOf(node: unknown): readonly [number, number] {
  const { range } = node as { readonly range?: readonly [number, number, number] | null };
  if (range == null) throw new Error('the node has no place');
  return [range[0], range[1]];
}
