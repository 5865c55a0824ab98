import type { z } from 'zod';
import { HubError } from './errors.ts';

/**
 * `input` as `schema` reads it; throws a {@link HubError} `invalid` with the first fault's path and what
 * was expected there.
 *
 * @param path where the input stands in what the caller wrote
 */
export function parse<S extends z.ZodType>(schema: S, input: unknown, path = ''): z.output<S> {
  const parsed = read(schema, input, path);
  if (parsed.success) return parsed.data;
  const fault = deepestFault(parsed.error.issues);
  const where = [path, ...fault.path.map(String)].filter((part) => part !== '').join('.');
  throw new HubError('invalid', where === '' ? fault.message : `${where}: ${fault.message}`, {
    path: where,
    expected: fault.message,
  });
}

/** What was not admitted as JSON before can have getters and proxies that throw. */
function read<S extends z.ZodType>(schema: S, input: unknown, path: string): z.ZodSafeParseResult<z.output<S>> {
  try {
    const parsed = schema.safeParse(input);
    parsed.error?.issues.at(0); // Zod puts its messages together here, and looks at the input again.
    return parsed;
  } catch (cause) {
    const message = path === '' ? 'it cannot be read' : `${path}: it cannot be read`;
    throw new HubError('invalid', message, { path, expected: 'something that can be read', cause });
  }
}

type Issue = z.core.$ZodIssue;

/** What is wrong with a field that a schema does not have. */
export const isUnknown = 'is not known here';

/** The fault that says most: inside a union, that of the branch which got furthest. */
export function deepestFault(issues: readonly Issue[]): { path: PropertyKey[]; message: string } {
  const [issue] = issues;
  if (issue === undefined) return { path: [], message: 'is not valid' };
  if (issue.code === 'unrecognized_keys') {
    return { path: [...issue.path, issue.keys[0] ?? ''], message: isUnknown };
  }
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) {
    return { path: issue.path, message: issue.message.replace('Invalid input: ', '') };
  }
  const branches = issue.errors.map(deepestFault);
  const best = branches.reduce((a, b) => (depth(b) > depth(a) ? b : a));
  return { path: [...issue.path, ...best.path], message: best.message };
}

const depth = (fault: { path: PropertyKey[]; message: string }): number =>
  fault.path.length - (fault.message === isUnknown ? 2 : 0);
