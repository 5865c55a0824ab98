import { expect, test } from 'vitest';
import { indexedDbStore, removeIndexedDbLog } from '../../src/indexeddb.ts';
import { rejection } from '../support/refusals.ts';

test.each([
  ['opened', () => indexedDbStore({ name: 'x' })],
  ['removed', () => removeIndexedDbLog('x')],
])('outside of a browser a log in IndexedDB cannot be %s, and the refusal says why', async (_what, call) => {
  expect(await rejection(call())).toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/^xstate-hub\/indexeddb needs a browser/),
    expected: 'a page, or a worker of one',
  });
});
