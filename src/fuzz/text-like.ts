/** Text as somebody might have written it: JSON or YAML of what is nearly right, with letters gone or too many. */
import fc from 'fast-check';
import { stringify } from 'yaml';
import { nearValid } from './near-valid.ts';
import type { Description } from './nonsense.ts';

const edit = fc.record({
  at: fc.nat(4000),
  remove: fc.nat(6),
  add: fc.oneof(fc.constant(''), fc.string({ maxLength: 5 })),
});
const edits = fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(edit, { maxLength: 3 }));

export const textLike = (examples: readonly Description[]): fc.Arbitrary<string> =>
  fc.tuple(nearValid(examples), fc.boolean(), edits).map(([value, isYaml, changes]) => {
    const json = JSON.stringify(value) ?? '';
    let text = isYaml && json !== '' ? stringify(JSON.parse(json)) : json;
    for (const { at, remove, add } of changes) {
      const place = at % (text.length + 1);
      text = text.slice(0, place) + add + text.slice(place + remove);
    }
    return text;
  });
