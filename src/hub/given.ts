/**
 * What somebody outside hands over that is no JSON (options with functions in them) or that is looked at before it is
 * admitted: read once, and not trusted. Getters and proxies can throw, and can say something else the next time.
 */
import { HubError } from '../machines/errors.ts';
import { refuseUnknown } from '../machines/parse.ts';
import { idPattern, idWords } from '../machines/primitives.ts';

/** A copy of the fields; throws `invalid` for what is no object, or cannot be read. */
export function fieldsOf<T extends object>(given: T, what: string, path = ''): T {
  const refusal = (cause?: unknown) => new HubError('invalid', `expected ${what}`, { path, expected: what, cause });
  if (typeof given !== 'object' || given === null) throw refusal();
  try {
    if (Array.isArray(given)) throw refusal();
    return { ...given };
  } catch (cause) {
    throw refusal(cause);
  }
}

/** As `fieldsOf`, for options of these names; throws `invalid` for any other. */
export function optionsOf<T extends object>(given: T, what: string, names: readonly (keyof T & string)[]): T {
  const options = fieldsOf(given, what, 'options');
  refuseUnknown(options, new Map(names.map((name) => [name, []])));
  return options;
}

/** Throws `invalid` for what is no id. */
export function idOf(given: string, path: string): string {
  if (typeof given === 'string' && idPattern.test(given)) return given;
  throw new HubError('invalid', `${path}: expected ${idWords}`, { path, expected: idWords });
}

/** Throws `invalid` for what is no place in a log. */
export function seqOf(given: number, path: string): number {
  if (Number.isSafeInteger(given)) return given;
  throw new HubError('invalid', `${path}: expected the number of a record`, {
    path,
    expected: 'the number of a record',
  });
}

/** Throws `invalid` for what cannot be called. */
export function functionOf<F>(given: F, path: string): F {
  if (typeof given === 'function') return given;
  throw new HubError('invalid', `${path}: expected a function`, { path, expected: 'a function' });
}
