/** JSON that others wrote, and the line on which it is wrong. */

import { readYaml } from '../hub/yaml-text.ts';
import { HubError } from '../machines/errors.ts';

/** Throws `invalid` with file and line. A byte order mark is no fault. */
export function parseJson(text: string, file: string): unknown {
  const bare = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(bare);
  } catch (error) {
    const { message } = error as Error;
    const place = /position (\d+)/.exec(message)?.[1];
    const line = bare
      .slice(0, place === undefined ? undefined : Number(place))
      .trimEnd()
      .split('\n').length;
    const why = bare.trim() === '' ? 'it is empty' : message.replace(/ in JSON.*$/s, '');
    throw new HubError('invalid', `${file}:${line}: not JSON, or not yet: ${why}`, { expected: 'JSON', cause: error });
  }
}

/** The line of the part at `path`; undefined when it cannot be told. */
export function lineOf(text: string, path: readonly string[]): number | undefined {
  try {
    return readYaml(text, '').lineOf(path);
  } catch {
    return undefined; // JSON that is too deep for it.
  }
}
