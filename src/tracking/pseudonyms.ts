/** Names that stand for ids: HMAC-SHA-256 under a salt, so that nobody without the salt can try ids. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { Recent } from '../hub/recent.ts';

export type Naming = (id: string) => string;

/** Ids as they are. */
export const plainly: Naming = (id) => id;

/** How many pseudonyms are remembered instead of being made again. */
const remembered = 10_000;

export function pseudonyms(salt: string): Naming {
  const key = utf8ToBytes(salt);
  const known = new Recent<string>();
  return (id) => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const name = bytesToHex(hmac(sha256, key, utf8ToBytes(id))).slice(0, 24);
    known.set(id, name);
    known.trim(remembered);
    return name;
  };
}
