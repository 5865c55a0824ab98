import { expect, test } from 'vitest';
import { contentHash, logHash } from '../../src/machines/hash.ts';

test('the content hash is the SHA-256 of the canonical text', () => {
  expect(contentHash({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  expect(contentHash({ a: 1, b: 'ü' })).toBe(contentHash({ b: 'ü', a: 1 }));
  expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: 2 }));
});

test('the hash of a log depends on every record and on their order', () => {
  const [first, second] = [{ seq: 1 }, { seq: 2 }];
  const hash = logHash([first, second]);
  expect(logHash([{ seq: 1 }, { seq: 2 }])).toBe(hash);
  expect(logHash([second, first])).not.toBe(hash);
  expect(logHash([first])).not.toBe(hash);
  expect(logHash([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
