import { z } from 'zod';
import { firstFault, mismatch, type ShapeFault, unknownKey } from './shape-faults.ts';

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
  const known = new Map(names.map((name) => [name, []]));
  const expected = `one of ${names.join(', ')}, as a key`;
  const schemas = Object.fromEntries(
    names.map((name) => [name, z.strictObject({ ...common, [name]: choices[name] as z.ZodType })]),
  );
  return z.unknown().transform((value, issues) => {
    const refuse = (fault: ShapeFault) => {
      issues.addIssue({ code: 'custom', message: fault.message, path: [...fault.path], params: { fault } });
      return z.NEVER;
    };
    const refuseIt = () => refuse({ path: [], expected, message: mismatch(expected, value) });
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuseIt();
    const keys = Object.keys(value).filter((key) => common === undefined || !(key in common));
    const [name, another] = keys;
    if (name === undefined) return refuseIt();
    const schema = schemas[name];
    if (schema === undefined || !Object.hasOwn(schemas, name)) return refuse(unknownKey([name], known));
    if (another !== undefined) {
      return refuse({ path: [another], expected: `${name} alone`, message: `cannot stand beside ${name}` });
    }
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed.data : refuse(firstFault(parsed.error, schema, value));
  }) as unknown as z.ZodType<Output<S, C>, Input<S, C>>;
}
