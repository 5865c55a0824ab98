import { z } from 'zod';
import { deepestFault } from './parse.ts';

type Choices = { readonly [key: string]: z.ZodType };
type Shape = z.ZodRawShape | undefined;
type Output<S extends Choices, C extends Shape> = {
  [K in keyof S]: { [P in K]: z.output<S[P]> } & (C extends z.ZodRawShape ? z.output<z.ZodObject<C>> : unknown);
}[keyof S];
type Input<S extends Choices, C extends Shape> = {
  [K in keyof S]: { [P in K]: z.input<S[P]> } & (C extends z.ZodRawShape ? z.input<z.ZodObject<C>> : unknown);
}[keyof S];

/**
 * An object with exactly one of these keys, and those of `common`: `{ work: 5m }` or `{ fail: text }`.
 *
 * A union would do the same, but cannot say which key is wrong.
 */
export function oneOf<const S extends Choices, C extends Shape = undefined>(
  choices: S,
  common?: C,
): z.ZodType<Output<S, C>, Input<S, C>> {
  const names = Object.keys(choices);
  const expected = `expected one of ${names.join(', ')}`;
  const schemas = Object.fromEntries(
    names.map((name) => [name, z.strictObject({ ...common, [name]: choices[name] as z.ZodType })]),
  );
  return z.unknown().transform((value, issues) => {
    const refuse = (message: string, path: PropertyKey[] = []) => {
      issues.addIssue({ code: 'custom', message, path });
      return z.NEVER;
    };
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(`${expected}, as a key`);
    const keys = Object.keys(value).filter((key) => common === undefined || !(key in common));
    const [name, another] = keys;
    if (name === undefined) return refuse(expected);
    const schema = schemas[name];
    if (schema === undefined || !Object.hasOwn(schemas, name)) return refuse(`is not known here; ${expected}`, [name]);
    if (another !== undefined) return refuse(`cannot stand beside ${name}`, [another]);
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const { message, path } = deepestFault(parsed.error.issues);
    return refuse(message, path);
  }) as unknown as z.ZodType<Output<S, C>, Input<S, C>>;
}
