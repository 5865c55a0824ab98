import type { z } from 'zod';
import { HubError } from './errors.ts';
import { type Fields, firstFault, type ShapeFault, saidOf, unknownKey } from './shape-faults.ts';

/**
 * `input` as `schema` reads it; throws a {@link HubError} `invalid` with one fault's path and what was expected there.
 *
 * @param path where the input stands in what the caller wrote
 */
export function parse<S extends z.ZodType>(schema: S, input: unknown, path = ''): z.output<S> {
  let fault: ShapeFault;
  try {
    const parsed = schema.safeParse(input);
    if (parsed.success) return parsed.data;
    fault = firstFault(parsed.error, schema, input);
  } catch (cause) {
    // What was not admitted as JSON before can have getters and proxies that throw.
    const message = path === '' ? 'it cannot be read' : `${path}: it cannot be read`;
    throw new HubError('invalid', message, { path, expected: 'something that can be read', cause });
  }
  throw refusalOf(fault, path);
}

/** @param path where the input stands that has the fault */
function refusalOf(fault: ShapeFault, path = ''): HubError {
  const where = [path, ...fault.path.map(String)].filter((part) => part !== '').join('.');
  const said = saidOf(fault);
  return new HubError('invalid', where === '' ? said : `${where}: ${said}`, { path: where, expected: fault.expected });
}

/** Throws `invalid` for a field that is not among those that are known, unless it is undefined. */
export function refuseUnknown(given: object, known: Fields): void {
  const [unknown] = Object.entries(given).find(([name, value]) => !known.has(name) && value !== undefined) ?? [];
  if (unknown !== undefined) throw refusalOf(unknownKey([unknown], known));
}
