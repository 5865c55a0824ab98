/**
 * Values that cross the hub's edge: JSON only, bounded in size and depth, copied and frozen once, so
 * that everything inside may share them and nobody outside can change them afterwards.
 */
import { HubError } from './errors.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Largest accepted value, in bytes of its JSON text (UTF-8). */
export const maxJsonBytes = 256 * 1024;
/** Deepest accepted nesting; `{}` is one level. */
export const maxJsonDepth = 64;

/** XState erases objects with this key when it restores a snapshot; `__proto__` would set a prototype. */
const refusedKeys: ReadonlySet<string> = new Set(['__proto__', 'xstate$$type']);

const plainText = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const textBytes = (text: string): number =>
  plainText.test(text) ? text.length + 2 : new TextEncoder().encode(JSON.stringify(text)).length;

interface Walk {
  bytes: number;
  readonly open: Set<object>;
}

/**
 * A frozen copy of `value`.
 *
 * Properties that are `undefined` are left out, as `JSON.stringify` does. Throws a {@link HubError}
 * `notJson`, `tooDeep` or `tooLarge` that names the path.
 *
 * @param path where the value stands in the caller's input, for the error message
 */
export function admitJson(value: unknown, path = ''): Json {
  return admit(value, path, 1, { bytes: 0, open: new Set() });
}

function admit(value: unknown, path: string, depth: number, walk: Walk): Json {
  switch (typeof value) {
    case 'string':
      charge(walk, textBytes(value), path);
      return value;
    case 'boolean':
      charge(walk, 5, path);
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw notJson(path, String(value));
      charge(walk, String(value).length, path);
      return value === 0 ? 0 : value; // -0 would not survive JSON
    case 'object':
      if (value === null) {
        charge(walk, 4, path);
        return null;
      }
      return admitObject(value, path, depth, walk);
    default:
      throw notJson(path, typeof value);
  }
}

function admitObject(value: object, path: string, depth: number, walk: Walk): Json {
  if (depth > maxJsonDepth) {
    throw new HubError('tooDeep', `${at(path)} is nested deeper than ${maxJsonDepth} levels`, {
      path,
      expected: `at most ${maxJsonDepth} levels`,
    });
  }
  if (walk.open.has(value)) throw notJson(path, 'a cycle');
  walk.open.add(value);
  charge(walk, 2, path);
  let copy: Json;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (let index = 0; index < value.length; index++) {
      charge(walk, 1, path);
      items.push(admit(value[index], join(path, index), depth + 1, walk));
    }
    copy = Object.freeze(items);
  } else {
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      throw notJson(path, prototype?.constructor?.name ?? 'an object with a prototype');
    }
    const fields: Record<string, Json> = {};
    for (const [key, field] of Object.entries(value)) {
      if (refusedKeys.has(key)) throw notJson(join(path, key), `the key ${key}`);
      if (field === undefined) continue;
      charge(walk, textBytes(key) + 2, path);
      fields[key] = admit(field, join(path, key), depth + 1, walk);
    }
    copy = Object.freeze(fields);
  }
  walk.open.delete(value);
  return copy;
}

function charge(walk: Walk, bytes: number, path: string): void {
  walk.bytes += bytes;
  if (walk.bytes > maxJsonBytes) {
    throw new HubError('tooLarge', `${at(path)} takes the message over ${maxJsonBytes} bytes`, {
      path,
      expected: `at most ${maxJsonBytes} bytes of JSON`,
    });
  }
}

const join = (path: string, key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
const at = (path: string): string => (path === '' ? 'the value' : `"${path}"`);
const notJson = (path: string, found: string): HubError =>
  new HubError('notJson', `${at(path)} is not JSON: ${found}`, {
    path,
    expected: 'a JSON value: string, finite number, boolean, null, array or plain object',
  });

/** Freezes `value` and all that hangs on it; stops at what is frozen already. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const field of Object.values(value)) deepFreeze(field);
  }
  return value;
}

/** One text for equal values, whatever the order of their keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );
}
