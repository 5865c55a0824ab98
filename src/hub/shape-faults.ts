/** What a schema says against a value, in plain words: every fault, each with its path, what was expected and what is there. */
import { z } from 'zod';
import { slipOf } from './nearest.ts';

export interface ShapeFault {
  readonly path: readonly PropertyKey[];
  /** What was expected there: `a whole number`, `one of 1, 2, 3`. */
  readonly expected: string;
  readonly message: string;
  /** The known name that an unknown one may have meant, or the allowed value that another may have meant. */
  readonly meant?: string;
}

type Issue = z.core.$ZodIssue;

/** All faults of `value`; none when it is as `schema` wants it. */
export function shapeFaults(schema: z.ZodType, value: unknown): ShapeFault[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).flatMap((issue) => faultsOf(issue, schema, value));
}

function faultsOf(issue: Issue, schema: z.ZodType, value: unknown): ShapeFault[] {
  const { path } = issue;
  const within = issue.code === 'invalid_union' ? issue.errors.find(isDeeper) : undefined;
  if (within !== undefined) {
    return within.flatMap((inner) => faultsOf({ ...inner, path: [...path, ...inner.path] }, schema, value));
  }
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => unknownKey([...path, key], known));
  }
  const found = valueAt(value, path);
  const expected = expectedBy(issue);
  if (found === undefined) return [{ path, expected, message: 'is required' }];
  const isWord = issue.code === 'invalid_value' && typeof found === 'string';
  const meant = isWord ? slipOf(found, issue.values.map(String)) : undefined;
  return [{ path, expected, message: mismatch(expected, found), ...(meant !== undefined && { meant }) }];
}

/** Whether a branch of a union was the right one, and the fault is somewhere in it. */
const isDeeper = (branch: readonly Issue[]): boolean =>
  branch.length > 0 && branch.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys');

/** The fault of a key that nothing knows. */
export function unknownKey(path: readonly PropertyKey[], known: readonly string[]): ShapeFault {
  const meant = slipOf(String(path.at(-1)), known);
  const expected = known.length === 0 ? 'nothing here' : `one of ${known.join(', ')}`;
  return { path, expected, message: 'is not known here', ...(meant !== undefined && { meant }) };
}

/** `expected a whole number, found "many"`. */
export const mismatch = (expected: string, found: unknown): string => `expected ${expected}, found ${show(found)}`;

const typeNames: { readonly [type: string]: string } = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of fields',
  record: 'a mapping of fields',
};

/** Schemas can say it themselves: a message that begins with "expected" is taken as it is. */
function expectedBy(issue: Issue): string {
  if (issue.message.startsWith('expected ')) return issue.message.slice('expected '.length);
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return amount('at least', issue.minimum, issue.origin, issue.inclusive);
    case 'too_big':
      return amount('at most', issue.maximum, issue.origin, issue.inclusive);
    case 'invalid_union':
      return [...new Set(issue.errors.flatMap((branch) => branch.slice(0, 1).map(expectedBy)))].join(' or ');
    default:
      return issue.message;
  }
}

function amount(word: string, bound: number | bigint, origin: string, inclusive = true): string {
  const unit = { array: bound === 1 ? ' entry' : ' entries', string: ' letters' }[origin] ?? '';
  if (inclusive) return `${word} ${bound}${unit}`;
  return `${word === 'at least' ? 'more than' : 'less than'} ${bound}${unit}`;
}

/** A value in a few letters. */
function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  if (typeof value !== 'string') return value === null || value === undefined ? 'nothing' : String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as { [key: PropertyKey]: unknown })[key];
  }
  return here;
}

/** The fields that a schema knows at a path; none where it cannot be told. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: z.ZodType | undefined = open(schema);
  for (const key of path) {
    if (here instanceof z.ZodObject) here = here.shape[String(key)] as z.ZodType | undefined;
    else if (here instanceof z.ZodArray) here = here.element as z.ZodType;
    else if (here instanceof z.ZodRecord) here = here.valueType as z.ZodType;
    else return [];
    here = here && open(here);
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

/** A schema without what only says that it can be left out, or null. */
function open(schema: z.ZodType): z.ZodType {
  const inner = bare(schema);
  return inner instanceof z.ZodNullable ? open(inner.unwrap() as z.ZodType) : inner;
}

/** A schema without what only says that it can be left out. */
export function bare(schema: z.ZodType): z.ZodType {
  let here = schema;
  while (
    here instanceof z.ZodOptional ||
    here instanceof z.ZodDefault ||
    here instanceof z.ZodPrefault ||
    here instanceof z.ZodReadonly
  ) {
    here = here.unwrap() as z.ZodType;
  }
  return here;
}
