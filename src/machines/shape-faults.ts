/** What a schema says against a value, in plain words: each fault with its path, what was expected and what is there. */
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
type Path = readonly PropertyKey[];

const isUnknown = 'is not known here';

/** Nobody reads a list that is longer. */
const mostNamed = 30;

/** `one of a, b`, for people. */
export const oneOfThese = (words: readonly string[]): string =>
  words.length > mostNamed ? `one of ${words.length} known words` : `one of ${words.join(', ')}`;

/** All faults of `value`; none when it is as `schema` wants it. */
export function shapeFaults(schema: z.ZodType, value: unknown): ShapeFault[] {
  const { error } = schema.safeParse(value);
  return [...faultsOf(error?.issues ?? [], schema, value)];
}

/** The fault to tell where one is told: a name that nobody knows, since it may be why another is missing; else the first. */
export function firstFault({ issues }: z.ZodError, schema: z.ZodType, value: unknown): ShapeFault {
  let first: ShapeFault | undefined;
  for (const fault of faultsOf(issues, schema, value)) {
    if (fault.message === isUnknown) return fault;
    first ??= fault;
  }
  return first ?? { path: [], expected: 'something else', message: 'is not valid' };
}

/** One by one, since to look for what was meant takes its time. */
function* faultsOf(issues: readonly Issue[], schema: z.ZodType | undefined, value: unknown): Generator<ShapeFault> {
  for (const issue of issues) {
    const { path } = issue;
    const branch = issue.code === 'invalid_union' ? furthest(issue.errors) : undefined;
    if (issue.code === 'unrecognized_keys') {
      const known = schemaAt(schema, path);
      for (const key of issue.keys) yield unknownKey([...path, key], knownFields(known));
    } else if (issue.code === 'invalid_union' && branch !== undefined) {
      const union = schemaAt(schema, path);
      const option = union instanceof z.ZodUnion ? (union.options[branch] as z.ZodType) : undefined;
      for (const fault of faultsOf(issue.errors[branch] ?? [], option, valueAt(value, path))) {
        yield { ...fault, path: [...path, ...fault.path] };
      }
    } else {
      yield faultOf(issue, valueAt(value, path));
    }
  }
}

function faultOf(issue: Issue, value: unknown): ShapeFault {
  const { path } = issue;
  if (issue.code === 'custom' && issue.params?.fault !== undefined)
    return { ...(issue.params.fault as ShapeFault), path };
  const expected = expectedBy(issue);
  const found = issue.code === 'invalid_key' ? path.at(-1) : value;
  if (found === undefined && path.length > 0 && issue.code !== 'custom') {
    return { path, expected, message: 'is required' };
  }
  const words = typeof found === 'string' ? wordsOf(issue) : [];
  const meant = words.length === 0 ? undefined : slipOf(String(found), words);
  return { path, expected, message: mismatch(expected, found), ...(meant !== undefined && { meant }) };
}

/** The branch of a union which got furthest; undefined when the value is of another kind than all of them. */
function furthest(branches: readonly (readonly Issue[])[]): number | undefined {
  const reaches = branches.map(reachOf);
  const most = Math.max(0, ...reaches);
  return most === 0 ? undefined : reaches.indexOf(most);
}

/** A field that is wrong is further in than one that is not known beside it. */
function reachOf([issue]: readonly Issue[]): number {
  if (issue === undefined) return 0;
  const within = issue.code === 'unrecognized_keys' ? 0.5 : 0;
  const nested = issue.code === 'invalid_union' ? Math.max(0, ...issue.errors.map(reachOf)) : within;
  return issue.path.length + nested;
}

/** Fields of an object: the name of each, and the names of its own fields, when it has some. */
export type Fields = ReadonlyMap<string, readonly string[]>;

/** The fault of a key that nothing knows. What was meant may also stand one level further in: `metadata.priority`. */
export function unknownKey(path: Path, known: Fields): ShapeFault {
  const key = String(path.at(-1));
  const names = [...known.keys()];
  const meant = placeWithin(key, known) ?? slipOf(key, names) ?? slipWithin(key, known);
  const expected = names.length === 0 ? 'no such field' : oneOfThese(names);
  return { path, expected, message: isUnknown, ...(meant !== undefined && { meant }) };
}

function placeWithin(key: string, known: Fields): string | undefined {
  const place = [...known].find(([, fields]) => fields.includes(key));
  return place && `${place[0]}.${key}`;
}

function slipWithin(key: string, known: Fields): string | undefined {
  for (const [name, fields] of known) {
    const slip = slipOf(key, fields);
    if (slip !== undefined) return `${name}.${slip}`;
  }
  return undefined;
}

/** What a fault says, with what would help: what may have been meant, or what there is. */
export function saidOf({ message, expected, meant }: ShapeFault): string {
  if (meant !== undefined) return `${message}; did you mean ${meant}?`;
  return message === isUnknown ? `${message}; expected ${expected}` : message;
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
      return issue.values.length === 1 ? String(issue.values[0]) : oneOfThese(issue.values.map(String));
    case 'too_small':
      return amount('at least', issue.minimum, issue.origin, issue.inclusive);
    case 'too_big':
      return amount('at most', issue.maximum, issue.origin, issue.inclusive);
    case 'invalid_union':
      if (issue.errors.length === 0) return oneOfThese(wordsOf(issue));
      return [...new Set(issue.errors.flatMap((branch) => branch.slice(0, 1).map(expectedBy)))].join(' or ');
    case 'invalid_key':
      return issue.issues.slice(0, 1).map(expectedBy).join();
    default:
      return issue.message;
  }
}

/** The values that an issue lets stand. */
function wordsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' && 'options' in issue ? (issue.options ?? []).map(String) : [];
}

function amount(word: string, bound: number | bigint, origin: string, inclusive = true): string {
  const unit =
    { array: bound === 1 ? ' entry' : ' entries', string: bound === 1 ? ' letter' : ' letters' }[origin] ?? '';
  if (inclusive) return `${word} ${bound}${unit}`;
  return `${word === 'at least' ? 'more than' : 'less than'} ${bound}${unit}`;
}

/** A value in a few letters. */
function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'string') return value === null || value === undefined ? 'nothing' : String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as { [key: PropertyKey]: unknown })[key];
  }
  return here;
}

/** The fields that a schema knows; none where it cannot be told. */
export function knownFields(schema: z.ZodType | undefined): Fields {
  if (!(schema instanceof z.ZodObject)) return new Map();
  return new Map(
    Object.entries(schema.shape).map(([name, field]) => {
      const inner = open(field as z.ZodType);
      return [name, inner instanceof z.ZodObject ? Object.keys(inner.shape) : []];
    }),
  );
}

function schemaAt(schema: z.ZodType | undefined, path: Path): z.ZodType | undefined {
  let here = schema && open(schema);
  for (const key of path) {
    if (here instanceof z.ZodObject) here = here.shape[String(key)] as z.ZodType | undefined;
    else if (here instanceof z.ZodArray) here = here.element as z.ZodType;
    else if (here instanceof z.ZodRecord) here = here.valueType as z.ZodType;
    else return undefined;
    here = here && open(here);
  }
  return here;
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
