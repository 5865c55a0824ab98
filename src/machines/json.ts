/**
 * Values that cross the hub's edge: JSON only, bounded in size and depth, copied once, so that nobody outside can
 * change them afterwards. They are frozen with the record that they come into, and everything inside may share them.
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
  /** Where the walk is, as keys from the outermost value. */
  readonly path: (string | number)[];
  /** The objects around the value in hand. */
  readonly open: object[];
}

/**
 * A copy of `value`.
 *
 * Properties that are `undefined` are left out, as `JSON.stringify` does. Throws a {@link HubError}
 * `notJson`, `tooDeep` or `tooLarge` that names the path.
 *
 * @param path where the value stands in the caller's input, for the error message
 */
export function admitJson(value: unknown, path = ''): Json {
  const walk: Walk = { bytes: 0, path: path === '' ? [] : [path], open: [] };
  try {
    return admit(value, walk);
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw notJson(walk, 'it cannot be read', error); // A getter or a proxy has thrown.
  }
}

function admit(value: unknown, walk: Walk): Json {
  switch (typeof value) {
    case 'string':
      charge(walk, textBytes(value));
      return value;
    case 'boolean':
      charge(walk, value ? 4 : 5);
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw notJson(walk, String(value));
      charge(walk, String(value).length);
      return value === 0 ? 0 : value; // -0 would not survive JSON
    case 'object':
      if (value === null) {
        charge(walk, 4);
        return null;
      }
      return admitObject(value, walk);
    default:
      throw notJson(walk, typeof value);
  }
}

function admitObject(value: object, walk: Walk): Json {
  if (walk.open.length >= maxJsonDepth) {
    const path = pathOf(walk);
    throw new HubError('tooDeep', `${at(path)} is nested deeper than ${maxJsonDepth} levels`, {
      path,
      expected: `at most ${maxJsonDepth} levels`,
    });
  }
  if (walk.open.includes(value)) throw notJson(walk, 'a cycle');
  walk.open.push(value);
  charge(walk, 2);
  const copy = Array.isArray(value) ? admitItems(value, walk) : admitFields(value, walk);
  walk.open.pop();
  return copy;
}

function admitItems(items: readonly unknown[], walk: Walk): Json {
  const copy: Json[] = [];
  for (let index = 0; index < items.length; index++) {
    if (index > 0) charge(walk, 1);
    walk.path.push(index);
    copy.push(admit(items[index], walk));
    walk.path.pop();
  }
  return copy;
}

function admitFields(fields: object, walk: Walk): Json {
  const prototype = Object.getPrototypeOf(fields);
  if (prototype !== Object.prototype && prototype !== null) {
    throw notJson(walk, prototype?.constructor?.name ?? 'an object with a prototype');
  }
  const copy: Record<string, Json> = {};
  let comma = 0;
  for (const key of Object.keys(fields)) {
    walk.path.push(key);
    const field: unknown = fields[key as keyof typeof fields];
    if (refusedKeys.has(key)) throw notJson(walk, `the key ${key}`);
    if (field !== undefined) {
      charge(walk, textBytes(key) + 1 + comma);
      comma = 1;
      copy[key] = admit(field, walk);
    }
    walk.path.pop();
  }
  return copy;
}

function charge(walk: Walk, bytes: number): void {
  walk.bytes += bytes;
  if (walk.bytes > maxJsonBytes) {
    const path = pathOf(walk);
    throw new HubError('tooLarge', `${at(path)} takes the message over ${maxJsonBytes} bytes`, {
      path,
      expected: `at most ${maxJsonBytes} bytes of JSON`,
    });
  }
}

function notJson(walk: Walk, found: string, cause?: unknown): HubError {
  const path = pathOf(walk);
  return new HubError('notJson', `${at(path)} is not JSON: ${found}`, {
    path,
    expected: 'a JSON value: string, finite number, boolean, null, array or plain object',
    cause,
  });
}

const pathOf = ({ path }: Walk): string => path.join('.');
const at = (path: string): string => (path === '' ? 'the value' : `"${path}"`);

/** Freezes `value` and all that hangs on it; stops at what is frozen already. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    // Most of what hangs on it is no object, and a call costs more than a look.
    if (!Array.isArray(value)) for (const key in value) typeof value[key] === 'object' && deepFreeze(value[key]);
    // By index: lists of several kinds come by, and the iterator of each would make an object for every item.
    else for (let at = 0; at < value.length; at++) typeof value[at] === 'object' && deepFreeze(value[at]);
  }
  return value;
}

/**
 * One text for equal values, whatever the order of their keys.
 *
 * By way of a copy with its keys in order, because `JSON.stringify` with a replacer that sorts takes more than twice as
 * long, and so does text that is put together here.
 */
export const canonicalJson = (value: unknown): string => JSON.stringify(inOrder(value));

/**
 * The same value with its keys in order: whole numbers first, by their value, as in every JavaScript object; then the
 * others, by their letters.
 */
export function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? value : value.map(inOrder);
  const copy: { [key: string]: unknown } = {};
  for (const key of sorted(Object.keys(value))) {
    const field = inOrder(value[key as keyof typeof value]);
    if (key === '__proto__') Object.defineProperty(copy, key, { value: field, enumerable: true });
    else copy[key] = field;
  }
  return copy;
}

/** By insertion while they are few, which takes a fraction of the time: every record of a durable log comes by here. */
function sorted(keys: string[]): string[] {
  if (keys.length > 16) return keys.sort();
  for (let index = 1; index < keys.length; index++) {
    const key = keys[index] ?? '';
    let place = index;
    for (let before = keys[place - 1]; before !== undefined && before > key; before = keys[place - 1]) {
      keys[place] = before;
      place--;
    }
    keys[place] = key;
  }
  return keys;
}
