/**
 * Fields of the task orchestrator's files, as people and programs write them: several names for one field, lists that
 * are one word, minutes in several forms.
 */

import { slipOf } from '../machines/nearest.ts';
import type { Minutes } from '../machines/plan.ts';

/** Something that cannot be read, or that is read with a doubt. */
export interface ReadingNote {
  /** Where, as a dotted path into what was written (`subtasks.0.assigned_to`). */
  readonly path: string;
  readonly message: string;
  /** What was expected there. */
  readonly expected: string;
  /** The rule of plans that it breaks, when it is one. */
  readonly rule?: string;
}

/** The keys of one mapping, taken one by one, with what is wrong about them. */
export class Fields {
  readonly faults: ReadingNote[];
  readonly warnings: ReadingNote[];
  readonly #path: string;
  readonly #written: { readonly [key: string]: unknown };
  readonly #known = new Set<string>();
  readonly #keyOf = new Map<string, string>();

  constructor(written: object, path: string, faults: ReadingNote[], warnings: ReadingNote[]) {
    this.#written = written as { readonly [key: string]: unknown };
    this.#path = path;
    this.faults = faults;
    this.warnings = warnings;
  }

  /** The value of the first of these keys that is there; undefined for none, and for null. */
  take(name: string, ...keys: readonly string[]): unknown {
    for (const key of [name, ...keys]) this.#known.add(key);
    const key = [...keys, name].find((each) => Object.hasOwn(this.#written, each) && this.#written[each] != null);
    if (key === undefined) return undefined;
    this.#keyOf.set(name, key);
    return this.#written[key];
  }

  /** The dotted path of a field, under the key that it was written with. */
  pathOf(name: string, ...rest: readonly string[]): string {
    return [this.#path, this.#keyOf.get(name) ?? name, ...rest].filter((part) => part !== '').join('.');
  }

  refuse(name: string, expected: string, message = `expected ${expected}`, rule?: string): void {
    const path = this.pathOf(name);
    this.faults.push({ path, message, expected, ...(rule !== undefined && { rule }) });
  }

  doubt(name: string, message: string, expected = ''): void {
    this.warnings.push({ path: this.pathOf(name), message, expected });
  }

  /** Says of every key that nobody took or knows that it is left out. */
  leave(...ignored: readonly string[]): void {
    const known = [...this.#known, ...ignored];
    for (const key of Object.keys(this.#written)) {
      if (known.includes(key)) continue;
      const meant = slipOf(key, known);
      this.doubt(key, `is not known here and left out${meant === undefined ? '' : `; did you mean ${meant}?`}`);
    }
  }
}

export const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A list; one word is a list of one. */
export function listOf(value: unknown): unknown {
  if (value === undefined) return [];
  return typeof value === 'string' ? (value.trim() === '' ? [] : [value]) : value;
}

/** Text; several lines can be written as a list. */
export function textOf(value: unknown): unknown {
  if (value === undefined) return '';
  const isLines = Array.isArray(value) && value.every((line) => typeof line === 'string');
  return isLines ? value.join('; ') : value;
}

export const minutesExpected = 'minutes, such as 15, "10-15", "10-15 min" or [10, 15]';

const range =
  /^(\d{1,6}(?:\.\d{1,3})?)(?:\s*(?:-|\u2013|\u2014|to)\s*(\d{1,6}(?:\.\d{1,3})?))?\s*(m|mins?|minutes?|h|hrs?|hours?)?\.?$/i;

/** Minutes as a number, "10-15", "10-15 min", "1-2 hours", [10, 15] or { min, max }; undefined when it is none. */
export function minutesOf(value: unknown): Minutes | undefined {
  if (typeof value === 'number') return minutesBetween(value, value);
  if (Array.isArray(value)) return value.length === 2 ? minutesBetween(value[0], value[1]) : undefined;
  if (isMapping(value)) {
    const { min, max } = value as { min?: unknown; max?: unknown };
    return minutesBetween(min, max);
  }
  if (typeof value !== 'string') return undefined;
  const [, from, to = from, unit = 'm'] = range.exec(value.trim()) ?? [];
  const each = unit.toLowerCase().startsWith('h') ? 60 : 1;
  return from === undefined ? undefined : minutesBetween(Number(from) * each, Number(to) * each);
}

function minutesBetween(min: unknown, max: unknown): Minutes | undefined {
  if (typeof min !== 'number' || typeof max !== 'number') return undefined;
  const isRange = Number.isFinite(min) && Number.isFinite(max) && min >= 0 && min <= max && max <= 100_000;
  return isRange ? { min, max } : undefined;
}
