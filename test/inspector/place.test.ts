/** Addresses: what stands in them comes out of them. */
import { describe, expect, test } from 'vitest';
import { pack, unpack } from '../../inspector/src/model/pack.ts';
import { nowhere, type Place, readPlace, writePlace } from '../../inspector/src/model/place.ts';

const place: Place = {
  ...nowhere,
  scenario: 'auth-system',
  text: null,
  seed: 7,
  humans: false,
  acts: [
    { afterSeq: 45, afterStep: 12, command: { name: 'inject', args: [{ delay: { agent: 'a b&c=#', by: 600_000 } }] } },
    { afterSeq: 50, command: { name: 'pauseAgent', args: ['ä', null] } },
  ],
  view: 'log',
  actor: 'agent:backend-1',
  at: 60,
};

describe('a link', () => {
  test('leads to the very same place', () => {
    expect(readPlace(writePlace(place))).toEqual(place);
    expect(readPlace(writePlace({ ...place, scenario: null, text: 'abc_-', humans: true, acts: [] }))).toEqual({
      ...place,
      scenario: null,
      text: 'abc_-',
      humans: true,
      acts: [],
    });
    expect(readPlace('')).toEqual(nowhere);
  });

  test.each(['acts=nothing', 'acts={}', 'acts=[1,[2],["x",1,"y"],[1,2,3]]', 'at=1e99&seed=x&view=moon'])(
    'that was spoilt (%s) leads as far as it can be read',
    (hash) => {
      expect(readPlace(`#${hash}`)).toEqual(nowhere);
    },
  );

  test('says no more than it must', () => {
    expect(writePlace({ ...nowhere, scenario: 'retry' })).toBe('#scenario=retry&view=floor');
  });
});

test('text is packed into letters that an address takes, and out of them again', async () => {
  for (const text of ['', 'name: ünï 🐝\n', 'agents:\n'.repeat(4_000)]) {
    const packed = await pack(text);
    expect(packed).toMatch(/^[\w-]*$/);
    expect(await unpack(packed)).toBe(text);
  }
  expect((await pack('agents:\n'.repeat(4_000))).length).toBeLessThan(400);
  await expect(unpack('!!!')).rejects.toThrow();
  await expect(unpack('AAAA')).rejects.toThrow();
});
