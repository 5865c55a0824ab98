/**
 * What is remembered of the past, in blocks: many entries a row, since each of them comes once, never changes, and
 * leaves in the order in which it came.
 *
 * - Cb1 entry n (Re1) stands in block ⌊n / size⌋. A block is written while it grows, and goes when its last entry goes;
 *   those of its entries that went before stay in it and are not read.
 */
import type { Json } from '../../machines/json.ts';
import type { Recent } from '../recent.ts';

const size = 64;
const blockOf = (number: number): number => Math.floor(number / size);

/** The numbers of the entries that a checkpoint has, from `first` up to and without `end`. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

export const spanOf = ({ first, end }: Recent<unknown>): Span => ({ first, end });

/**
 * The blocks that have changed since the checkpoint before; null for one that is gone.
 *
 * @param since what that one had
 */
export function* changedBlocks<V>(
  table: string,
  recent: Recent<V>,
  since: Span,
  toRow: (value: V) => unknown,
): Generator<[key: string, block: Json | null], void> {
  const { first, end } = recent;
  const firstBlock = blockOf(first);
  const lastSaved = blockOf(since.end - 1);
  for (let block = blockOf(since.first); block < firstBlock && block <= lastSaved; block++)
    yield [`${table}:${block}`, null];
  if (end === since.end || end === first) return;
  const from = Math.max(blockOf(since.end), firstBlock) * size;
  let number = first;
  let block: (readonly [string, unknown])[] = [];
  for (const [key, value] of recent) {
    if (number >= from) block.push([key, toRow(value)]);
    number++;
    if (number % size !== 0 && number !== end) continue;
    if (number > from) yield [`${table}:${blockOf(number - 1)}`, block as unknown as Json];
    block = [];
  }
}

/** @param blocks by their numbers */
export function restoreRemembered<V, R>(
  recent: Recent<V>,
  blocks: ReadonlyMap<number, readonly (readonly [string, R])[]>,
  { first, end }: Span,
  fromRow: (row: R) => V,
): void {
  const entries: [string, V][] = [];
  for (let number = blockOf(first); number * size < end; number++) {
    const block = blocks.get(number) ?? [];
    // The front of the oldest block, if any of it is missing, is what had left before it was written.
    const left = number === blockOf(first) ? block.length - (Math.min(end, (number + 1) * size) - first) : 0;
    for (const [key, row] of block.slice(Math.max(0, left))) entries.push([key, fromRow(row)]);
  }
  recent.restore(first, entries);
}
