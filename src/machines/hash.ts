/**
 * SHA-256, synchronous and the same in Node and browsers (WebCrypto's is asynchronous, Node's is not
 * in browsers), for the log's hash and for the content of a gate.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from './json.ts';

/** Hex SHA-256 of the canonical JSON of `value`. */
export const contentHash = (value: unknown): string => bytesToHex(sha256(utf8ToBytes(canonicalJson(value))));

/** Hex SHA-256 of a log: the canonical JSON of each record, one a line. */
export function logHash(records: Iterable<unknown>): string {
  const hash = sha256.create();
  for (const record of records) hash.update(utf8ToBytes(`${canonicalJson(record)}\n`));
  return bytesToHex(hash.digest());
}
