/**
 * Settings from several places, as one tree in which each leaf knows where it comes from.
 *
 * - M1 defaults < file < environment < options, leaf by leaf: a source that sets one leaf of a section leaves the
 *   others as they are.
 * - M2 what is not known, and what has the wrong type, is refused with its source, its path and what was expected;
 *   all such faults at once. Nothing is guessed, and nothing is left out silently.
 * - M3 a variable's text is read as JSON where that fits the setting, otherwise as it stands. An empty variable is
 *   one that is not set.
 */
import type { z } from 'zod';
import { HubError } from '../machines/errors.ts';
import { admitJson } from '../machines/json.ts';
import { nearest } from '../machines/nearest.ts';
import { knownFields, mismatch, type ShapeFault, shapeFaults, unknownKey } from '../machines/shape-faults.ts';
import { fieldsOf } from './given.ts';
import { type Setting, sectionOf, settingsOf, variablePrefix } from './settings.ts';
import { readYaml } from './yaml-text.ts';

export type Origin =
  | { readonly source: 'default' }
  | { readonly source: 'file'; readonly file: string; readonly line: number }
  | { readonly source: 'environment'; readonly variable: string }
  | { readonly source: 'options' };

export interface Sources {
  /** YAML or JSON; `name` is what errors call it. */
  readonly file?: { readonly name: string; readonly text: string } | undefined;
  /** Variables that begin with XSTATE_HUB_ count; the others are nobody's business here. */
  readonly env?: { readonly [name: string]: string | undefined } | undefined;
  readonly options?: unknown;
}

export interface Merged<T> {
  readonly value: T;
  /** By key (`retry.maxAttempts`), one for each setting. */
  readonly origins: { readonly [key: string]: Origin };
}

/** `hub.yaml:3`, `XSTATE_HUB_INBOX_LIMIT`, `options` or `default`. */
export function originText(origin: Origin): string {
  if (origin.source === 'file') return `${origin.file}:${origin.line}`;
  return origin.source === 'environment' ? origin.variable : origin.source;
}

interface Fault extends Omit<ShapeFault, 'path'> {
  readonly path: string;
  readonly where: string;
}

/**
 * Throws `invalid`, with one line for each fault.
 *
 * @param ignored variables that begin with XSTATE_HUB_ and are no settings
 */
export function mergeSources<S extends z.ZodObject>(
  schema: S,
  sources: Sources,
  ignored: ReadonlySet<string> = new Set(),
): Merged<z.output<S>> {
  const { file, env, options } = fieldsOf(sources, 'sources of settings');
  const merge = new Merge(schema);
  if (file !== undefined) {
    const { name, text } = fieldsOf(file, 'a file with name and text', 'file');
    const { value, lineOf } = readYaml(text, name);
    merge.addTree(value, (path) => ({ source: 'file', file: name, line: lineOf(path) }));
  }
  if (env !== undefined) merge.addVariables(fieldsOf(env, 'variables by their names', 'env'), ignored);
  if (options !== undefined) merge.addTree(admitJson(options, 'options'), () => ({ source: 'options' }));
  return merge.result() as Merged<z.output<S>>;
}

class Merge {
  readonly #schema: z.ZodObject;
  readonly #settings: ReadonlyMap<string, Setting>;
  readonly #set = new Map<string, { readonly value: unknown; readonly origin: Origin }>();
  readonly #faults: Fault[] = [];

  constructor(schema: z.ZodObject) {
    this.#schema = schema;
    this.#settings = new Map(settingsOf(schema).map((setting) => [setting.key, setting]));
  }

  addTree(tree: unknown, originOf: (path: readonly string[]) => Origin): void {
    const visit = (value: unknown, section: z.ZodObject, path: readonly string[]): void => {
      if (value === undefined || value === null) return;
      const origin = originOf(path);
      if (typeof value !== 'object' || Array.isArray(value)) {
        const expected = 'a mapping of fields';
        this.#refuse(origin, { path, expected, message: mismatch(expected, value) });
        return;
      }
      for (const [key, field] of Object.entries(value)) {
        const here = [...path, key];
        const schema = Object.hasOwn(section.shape, key) ? (section.shape[key] as z.ZodType) : undefined;
        const inner = schema && sectionOf(schema);
        if (schema === undefined) this.#refuse(originOf(here), unknownKey(here, knownFields(section)));
        else if (inner !== undefined) visit(field, inner, here);
        else if (field !== undefined) this.#setLeaf(here.join('.'), field, (path) => originOf([...here, ...path]));
      }
    };
    visit(tree, this.#schema, []);
  }

  addVariables(env: { readonly [name: string]: string | undefined }, ignored: ReadonlySet<string>): void {
    const settings = new Map([...this.#settings.values()].map((setting) => [setting.variable, setting]));
    for (const [variable, text] of Object.entries(env)) {
      if (!variable.startsWith(variablePrefix) || text === undefined || text === '' || ignored.has(variable)) continue;
      const origin: Origin = { source: 'environment', variable };
      if (typeof text !== 'string') {
        this.#refuse(origin, { path: [variable], expected: 'text', message: mismatch('text', typeof text) });
        continue;
      }
      const setting = settings.get(variable);
      if (setting !== undefined) {
        this.#setLeaf(setting.key, readVariable(text, setting), () => origin);
        continue;
      }
      const meant = nearest(variable, settings.keys());
      const expected = meant === undefined ? 'no such variable' : `a known variable, such as ${meant}`;
      this.#refuse(origin, {
        path: [variable],
        expected,
        message: 'is not known here',
        ...(meant !== undefined && { meant }),
      });
    }
  }

  result(): Merged<unknown> {
    this.#throwFaults();
    const tree = {};
    for (const [key, { value }] of this.#set) put(tree, this.#settings.get(key)?.path ?? [], value);
    const parsed = this.#schema.safeParse(tree);
    if (parsed.success) {
      const origins = [...this.#settings.keys()].map((key) => [key, this.#originOf(key)] as const);
      return { value: parsed.data, origins: Object.fromEntries(origins) };
    }
    // Each leaf is right by itself: this is about what is missing, or how they go together.
    for (const fault of shapeFaults(this.#schema, tree)) {
      const sources = this.#originsWithin(fault.path.map(String).join('.'));
      this.#faults.push({ ...fault, path: fault.path.map(String).join('.'), where: sources });
    }
    this.#throwFaults();
    throw new HubError('internal', 'a configuration was refused without a fault');
  }

  /** @param originOf where what is at a path within the value comes from */
  #setLeaf(key: string, value: unknown, originOf: (path: readonly string[]) => Origin): void {
    const setting = this.#settings.get(key);
    if (setting === undefined) return;
    const faults = shapeFaults(setting.schema, value);
    if (faults.length === 0) this.#set.set(key, { value, origin: originOf([]) });
    for (const fault of faults) {
      const origin = originOf(fault.path.map(String));
      const path = [...setting.path, ...fault.path];
      // At the leaf itself the setting says best what it takes.
      if (fault.path.length > 0) this.#refuse(origin, { ...fault, path });
      else this.#refuse(origin, { ...fault, path, expected: setting.type, message: mismatch(setting.type, value) });
    }
  }

  #originOf(key: string): Origin {
    return this.#set.get(key)?.origin ?? { source: 'default' };
  }

  /** Where the leaves at and below a path come from, without the defaults. */
  #originsWithin(path: string): string {
    const within = [...this.#set].filter(([key]) => path === '' || key === path || key.startsWith(`${path}.`));
    const texts = new Set(within.map(([, { origin }]) => originText(origin)));
    return texts.size === 0 ? 'configuration' : [...texts].join(', ');
  }

  #refuse(origin: Origin, fault: ShapeFault): void {
    this.#faults.push({ ...fault, path: fault.path.map(String).join('.'), where: originText(origin) });
  }

  #throwFaults(): void {
    const [first] = this.#faults;
    if (first === undefined) return;
    const lines = this.#faults.map(({ where, path, message, meant }) =>
      [where, path === where ? '' : path, meant === undefined ? message : `${message}; did you mean ${meant}?`]
        .filter((part) => part !== '')
        .join(': '),
    );
    throw new HubError('invalid', lines.join('\n'), { path: first.path, expected: first.expected });
  }
}

function readVariable(text: string, { schema }: Setting): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const isStructure = typeof value === 'object' && value !== null;
  return isStructure || schema.safeParse(value).success ? value : text;
}

function put(tree: { [key: string]: unknown }, path: readonly string[], value: unknown): void {
  let here = tree;
  for (const key of path.slice(0, -1)) {
    here[key] ??= {};
    here = here[key] as typeof tree;
  }
  here[path.at(-1) ?? ''] = value;
}
