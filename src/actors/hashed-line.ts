/**
 * A record in a line of JSON, with its hash as the last field: how the two are put together, and told apart again.
 *
 * Owns: the form, which a page can read as well. Does not own: whether the hash is right (chained-lines.ts).
 *
 * - Hl1 what is hashed is the line without that field, byte for byte.
 */

/** The parts of a line; one without a hash is of an export, or of an earlier version. */
export interface LineParts {
  /** The record. */
  readonly text: string;
  readonly hash: string | undefined;
}

const field = /,"hash":"([0-9a-f]{64})"\}$/;
const fieldLength = ',"hash":""}'.length + 64;

export const hashedLine = (text: string, hash: string): string => `${text.slice(0, -1)},"hash":"${hash}"}`;

/** A space at its end says that more of the same append follows, and is of neither part. */
export function partsOf(line: string): LineParts {
  const bare = line.endsWith(' ') ? line.slice(0, -1) : line;
  const [, hash] = field.exec(bare.slice(-fieldLength)) ?? [];
  return { text: hash === undefined ? bare : `${bare.slice(0, -fieldLength)}}`, hash };
}
