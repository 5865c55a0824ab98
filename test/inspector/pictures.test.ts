/** The state at any moment, from key frames: the same as an independent fold says. */
import { beforeAll, expect, test } from 'vitest';
import { Pictures } from '../../inspector/src/engine/pictures.ts';
import { RecordText } from '../../inspector/src/engine/record-text.ts';
import { foldLog, type HubRecord, openFold } from '../../src/index.ts';
import { crowdedLog, logOf, textOf } from './support/logs.ts';

function picturesOf(records: readonly HubRecord[]): Pictures {
  const log = new RecordText();
  log.add(textOf(records).trimEnd());
  const fold = openFold();
  const pictures = new Pictures(log, fold);
  for (const record of records) {
    pictures.before(record, fold);
    fold.next(record);
  }
  return pictures;
}

let many: readonly HubRecord[];
beforeAll(async () => {
  many = await crowdedLog(1_500);
});

test('a long log has key frames, and moments in any order are those of a fold from its beginning (Pi1)', () => {
  const pictures = picturesOf(many);
  expect(pictures.frames).toBeGreaterThan(2);
  for (const seq of [many.length, 1, 4_000, 4_001, 3_999, 2_500, 0, 1_100, many.length - 1, 1_050]) {
    expect(pictures.at(seq)).toEqual(foldLog(many.slice(0, seq)));
  }
});

test.each(['auth-system', 'auth-orchestration', 'several-gates', 'schedules'])(
  '%s: every moment, backwards',
  async (name) => {
    const records = await logOf(name);
    const pictures = picturesOf(records);
    for (let seq = records.length; seq >= 0; seq -= Math.ceil(records.length / 25)) {
      expect(pictures.at(seq)).toEqual(foldLog(records.slice(0, seq)));
    }
  },
);
