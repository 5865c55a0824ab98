import { appendFileSync, mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/actors/store.ts';
import { jsonlStore } from '../../src/coordination/jsonl-store.ts';
import type { HubRecord } from '../../src/machines/messages.ts';
import { storeConformance } from '../support/store-conformance.ts';
import { readAll, recordsAt } from '../support/store-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-log-'));
let logs = 0;
const fresh = () => join(folder, `log-${++logs}.jsonl`);

const open: Store[] = [];
afterEach(() => Promise.all(open.splice(0).map((store) => store.close())));

async function storeAt(path: string, onNotice: (text: string) => void = () => {}): Promise<Store> {
  const store = await jsonlStore(path, { onNotice });
  open.push(store);
  return store;
}

let latest = '';
storeConformance(
  'a log of JSON lines',
  () => {
    latest = fresh();
    return storeAt(latest);
  },
  {
    pruned: { not: 'it keeps everything' },
    reopen: () => storeAt(latest),
    checkpoints: { not: 'recovery folds the whole log' },
  },
);

/** A log of appends with so many records each. */
async function logOf(...appends: readonly number[]): Promise<string> {
  const path = fresh();
  const store = await jsonlStore(path);
  let seq = 0;
  for (const count of appends) {
    await store.append(seq, recordsAt(seq + 1, seq + count));
    seq += count;
  }
  await store.close();
  return path;
}

async function reopened(path: string) {
  const notices: string[] = [];
  const store = await storeAt(path, (text) => notices.push(text));
  const records = await readAll(store);
  return { store, notices, records };
}

describe('after a restart', () => {
  test('everything is there, and it goes on behind it', async () => {
    const path = await logOf(2, 3);
    const { store, records, notices } = await reopened(path);
    await store.append(5, recordsAt(6, 6));

    expect(records).toEqual(recordsAt(1, 5));
    expect(await readAll(store, 6)).toEqual(recordsAt(6, 6));
    expect(notices).toEqual([]);
  });

  test('it is one JSON object a line, for everybody to read', async () => {
    const lines = readFileSync(await logOf(1, 2), 'utf8')
      .trimEnd()
      .split('\n');

    expect(lines.map((line) => JSON.parse(line))).toEqual(
      recordsAt(1, 3).map((record) => ({ ...record, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })),
    );
  });

  test('wherever a crash tears the last append, the appends before are whole and nothing of it is left (J1, J2)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (appends, share) => {
          const whole = appends.slice(0, -1);
          const kept = whole.reduce((sum, count) => sum + count, 0);
          const path = await logOf(...appends);
          const start = statSync(await logOf(...whole)).size;
          const end = statSync(path).size;
          const cut = start + Math.floor(share * (end - start - 1));
          truncateSync(path, cut);

          const { store, records, notices } = await reopened(path);
          expect(records).toEqual(recordsAt(1, kept));
          expect(notices.length).toBe(cut > start ? 1 : 0);
          await store.append(kept, recordsAt(kept + 1, kept + 2));
          expect((await reopened(path)).records).toEqual(recordsAt(1, kept + 2));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a last append that the disk has as zeros is cut off with a notice that names the file', async () => {
    const path = await logOf(2);
    appendFileSync(path, `${'\0'.repeat(50)}\n`);
    const { records, notices } = await reopened(path);

    expect(records).toEqual(recordsAt(1, 2));
    expect(notices).toEqual([expect.stringContaining(`${path}: the last append was torn; 51 bytes behind record 2`)]);
  });
});

describe('a file that is not as it was written', () => {
  test('is refused with its line when records behind it are whole (J2)', async () => {
    const path = await logOf(1, 1, 1);
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[1] = '{"seq":2,';
    writeFileSync(path, lines.join('\n'));

    await expect(reopened(path)).rejects.toThrow(`${path}:2: the log is damaged at record 2`);
    expect(readFileSync(path, 'utf8')).toBe(lines.join('\n'));
  });

  test('is refused with its line when a letter of a record is another (J2, I15)', async () => {
    const path = await logOf(1, 2, 1);
    const text = readFileSync(path, 'utf8');
    for (const seq of [1, 2, 3, 4]) {
      writeFileSync(path, text.replace(`phase ${seq}`, 'phase 9'));
      await expect(jsonlStore(path)).rejects.toMatchObject({
        code: 'storeFailed',
        message: `${path}:${seq}: the log is damaged at record ${seq}: it does not match its hash`,
      });
    }
  });

  test('whichever bit flips, no other log is read: it is refused, or the last append is cut off and told (J2, I15)', async () => {
    const path = await logOf(1, 2, 2);
    const bytes = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (place, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[place] = (flipped[place] ?? 0) ^ (1 << bit);
        writeFileSync(path, flipped);
        const read = await reopened(path).catch((error) => {
          expect(error).toMatchObject({ code: 'storeFailed' });
          return undefined;
        });
        if (read === undefined) return;
        expect(read.records).toEqual(recordsAt(1, 3));
        expect(read.notices).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  test('is refused when the end of an append is another letter: what stands behind it was acknowledged', async () => {
    const path = await logOf(1, 2, 2);
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, `${lines.slice(0, 3).join('\n')}\v${lines.slice(3).join('\n')}`);

    await expect(reopened(path)).rejects.toMatchObject({ code: 'storeFailed' });
    expect(readFileSync(path, 'utf8')).toContain('phase 5');
  });

  test('is refused when something stands behind an append that is broken: that one was acknowledged', async () => {
    const path = await logOf(1);
    appendFileSync(path, 'no record\n{"seq":3');

    await expect(jsonlStore(path)).rejects.toMatchObject({ code: 'storeFailed' });
    expect(readFileSync(path, 'utf8')).toContain('no record');
  });

  test('is refused when a record is missing', async () => {
    const path = await logOf(1, 1, 1);
    const [first, , third] = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, `${first}\n${third}\n${third}\n`);

    await expect(reopened(path)).rejects.toMatchObject({ code: 'storeFailed' });
  });
});

describe('a log of an earlier version, without hashes,', () => {
  const earlier = (): string => {
    const path = fresh();
    const line = (record: HubRecord) => JSON.stringify(record);
    const [first, ...more] = recordsAt(1, 3);
    writeFileSync(path, `${line(first as HubRecord)}\n${more.map(line).join(' \n')}\n`);
    return path;
  };

  test('opens, and goes on with hashes, which are of what was there before, too (J3)', async () => {
    const path = earlier();
    const { store, records, notices } = await reopened(path);
    await store.append(3, recordsAt(4, 5));
    expect([records, notices]).toEqual([recordsAt(1, 3), []]);
    expect((await reopened(path)).records).toEqual(recordsAt(1, 5));

    writeFileSync(path, readFileSync(path, 'utf8').replace('phase 2', 'phase 7'));
    await expect(reopened(path)).rejects.toThrow(
      `${path}:4: the log is damaged at record 4: it does not match its hash`,
    );
  });

  test('has nothing without a hash behind one that has it (J3)', async () => {
    const path = await logOf(1, 1);
    const lines = readFileSync(path, 'utf8').split('\n');
    const { hash: _, ...bare } = JSON.parse(lines[1] as string);
    writeFileSync(path, `${lines[0]}\n${JSON.stringify(bare)}\n`);

    await expect(reopened(path)).rejects.toThrow(`${path}:2: the log is damaged at record 2: it has no hash`);
  });
});

test('whoever writes behind its back is noticed, and nothing is written over (S1)', async () => {
  const path = await logOf(1);
  const [one, other] = [await storeAt(path), await storeAt(path)];
  await one.append(1, recordsAt(2, 2));

  await expect(other.append(1, recordsAt(2, 2))).rejects.toThrow('somebody else has written to it');
  expect((await reopened(path)).records).toEqual(recordsAt(1, 2));
});
