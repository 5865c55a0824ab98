/** What former versions have written is read as it was: their logs, and their checkpoints with what followed (I25). */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readLog } from '../../src/actors/import-log.ts';
import { foldLog, type Picture } from '../../src/hub/picture.ts';
import { contentHash } from '../../src/machines/hash.ts';
import type { Json } from '../../src/machines/json.ts';

const folder = new URL('./', import.meta.url);
const versions = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const golden = versions.flatMap(({ name: version }) =>
  readdirSync(new URL(`${version}/`, folder))
    .filter((file) => file.endsWith('.log.jsonl'))
    .map((file) => `${version}/${file.slice(0, -'.log.jsonl'.length)}`),
);

const linesOf = (path: string): string[] => readFileSync(new URL(path, folder), 'utf8').trimEnd().split('\n');

function read(name: string) {
  const [text = ''] = linesOf(`${name}.picture.jsonl`);
  const entries = linesOf(`${name}.checkpoint.jsonl`).map((line) => JSON.parse(line) as [string, Json]);
  const { seq } = new Map(entries).get('hub') as { seq: number };
  return {
    records: readLog(linesOf(`${name}.log.jsonl`)),
    checkpoint: { seq, entries },
    ...(JSON.parse(text) as { picture: Picture; hash: string }),
  };
}

/** What a picture has of what another one has: views may tell more than they did. */
function asFarAs(known: unknown, picture: unknown): unknown {
  if (Array.isArray(known) && Array.isArray(picture)) return picture.map((item, index) => asFarAs(known[index], item));
  if (typeof known !== 'object' || known === null || typeof picture !== 'object' || picture === null) return picture;
  return Object.fromEntries(
    Object.entries(picture).flatMap(([key, value]) =>
      key in known ? [[key, asFarAs(known[key as never], value)]] : [],
    ),
  );
}

test('there are logs of this version', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', folder), 'utf8')) as { version: string };
  expect(versions.map(({ name }) => name)).toContain(version);
  expect(golden.length).toBeGreaterThanOrEqual(10);
});

describe.each(golden)('%s', (name) => {
  const { records, checkpoint, picture, hash } = read(name);

  test('its log folds to what it folded to', () => {
    const folded = asFarAs(picture, foldLog(records));
    expect(folded).toEqual(picture);
    expect(contentHash(folded)).toBe(hash);
  });

  test('its checkpoint and the records behind it fold to the same', () => {
    const tail = records.filter(({ seq }) => seq > checkpoint.seq);
    expect(tail.length).toBeGreaterThan(0);
    expect(contentHash(asFarAs(picture, foldLog(tail, checkpoint)))).toBe(hash);
  });
});
