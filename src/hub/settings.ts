/**
 * What can be set, read off a schema: every leaf with its path, description, type, default and variable. A field
 * that is added to the schema is a setting from then on.
 *
 * - T1 strict objects are sections; whatever else (lists, records, unions, what can be null) is one value, set as a whole.
 */
import { z } from 'zod';
import { bare } from '../machines/shape-faults.ts';

export interface Setting {
  /** The dotted path: `retry.maxAttempts`. */
  readonly key: string;
  readonly path: readonly string[];
  /** The environment's name for it: `XSTATE_HUB_RETRY_MAX_ATTEMPTS`. */
  readonly variable: string;
  /** From `.describe()` or `.meta()`; empty without. */
  readonly description: string;
  /** What may be written: `a whole number, at least 1`. */
  readonly type: string;
  /** What holds when nobody sets it; undefined for nothing. */
  readonly default: unknown;
  readonly schema: z.ZodType;
}

export const variablePrefix = 'XSTATE_HUB_';

/** All settings, in the order of the schema. */
export function settingsOf(schema: z.ZodObject): readonly Setting[] {
  const defaults = schema.safeParse({}).data;
  return leaves(schema, []).map(({ path, leaf }) => ({
    key: path.join('.'),
    path,
    variable: variableOf(path),
    description: descriptionOf(leaf),
    type: describeType(z.toJSONSchema(leaf, { io: 'input', unrepresentable: 'any' })),
    default: defaults === undefined ? leaf.safeParse(undefined).data : valueAt(defaults, path),
    schema: leaf,
  }));
}

/** The section that a schema is; undefined for a value. */
export function sectionOf(schema: z.ZodType): z.ZodObject | undefined {
  const inner = bare(schema);
  if (!(inner instanceof z.ZodObject)) return undefined;
  const { catchall } = inner.def;
  return catchall === undefined || catchall instanceof z.ZodNever ? inner : undefined;
}

function leaves(section: z.ZodObject, path: readonly string[]): { path: readonly string[]; leaf: z.ZodType }[] {
  return Object.entries(section.shape).flatMap(([key, schema]) => {
    const inner = sectionOf(schema as z.ZodType);
    const here = [...path, key];
    return inner === undefined ? [{ path: here, leaf: schema as z.ZodType }] : leaves(inner, here);
  });
}

const variableOf = (path: readonly string[]): string =>
  variablePrefix + path.map((key) => key.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()).join('_');

/** The description of the outermost layer that has one. */
function descriptionOf(schema: z.ZodType): string {
  const inner = bare(schema);
  let here = schema;
  while (here !== inner && here.description === undefined) here = (here as z.ZodOptional<z.ZodType>).unwrap();
  return here.description ?? '';
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

function describeType(schema: JsonSchema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((choice) => describeType(choice as JsonSchema)).join(' or ');
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return String(schema.const);
  switch (schema.type) {
    case 'integer':
      return `a whole number${rangeOf(schema)}`;
    case 'number':
      return `a number${rangeOf(schema)}`;
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array':
      return `a list, each ${describeType((schema.items ?? {}) as JsonSchema)}`;
    case 'object':
      return 'a mapping';
    default:
      return 'a JSON value';
  }
}

function rangeOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema): string {
  const bound = (word: string, value: unknown) =>
    typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? `, ${word} ${value}` : '';
  return (
    bound('at least', minimum) +
    bound('more than', exclusiveMinimum) +
    bound('at most', maximum) +
    bound('less than', exclusiveMaximum)
  );
}

/** What stands at the path; undefined when nothing does. */
export function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce((here: unknown, key) => (here as { [key: string]: unknown } | null | undefined)?.[key], tree);
}
