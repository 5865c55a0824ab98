import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admitJson, canonicalJson, maxJsonBytes, maxJsonDepth } from '../../src/machines/json.ts';
import { refusal } from '../support/refusals.ts';

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

const nested = (levels: number): unknown => {
  let value: unknown = 'core';
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { in: value };
  return value;
};

describe('what is JSON', () => {
  test('any JSON value comes through as it would through its text, and detached', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        fc.pre(!JSON.stringify(value).includes('"__proto__"'));
        const admitted = admitJson(value);
        expect(admitted).toEqual(JSON.parse(JSON.stringify(value)));
        if (typeof value === 'object' && value !== null) expect(admitted).not.toBe(value);
      }),
    );
  });

  test('later changes by the caller reach nobody', () => {
    const value = { list: [{ text: 'as it was' }] };
    const admitted = admitJson(value);
    (value.list[0] as { text: string }).text = 'changed';
    value.list.push({ text: 'more' });
    expect(admitted).toEqual({ list: [{ text: 'as it was' }] });
  });

  test('fields that are undefined are left out, and an object without a prototype is an object', () => {
    const bare = Object.assign(Object.create(null), { a: 1, b: undefined });
    expect(admitJson(bare)).toEqual({ a: 1 });
    expect(Object.keys(admitJson({ a: undefined }) as object)).toEqual([]);
  });

  test('minus zero becomes zero, as it would in JSON', () => {
    expect(Object.is(admitJson(-0), 0)).toBe(true);
  });

  test('a value that appears twice is no cycle', () => {
    const shared = { x: 1 };
    expect(admitJson([shared, { again: shared }])).toEqual([{ x: 1 }, { again: { x: 1 } }]);
  });
});

describe('what is not JSON', () => {
  class Money {
    readonly amount = 1;
  }
  const cycle: Record<string, unknown> = {};
  cycle.self = { back: cycle };

  test.each<[string, unknown, string]>([
    ['a function', { a: { b: () => 1 } }, 'a.b'],
    ['a symbol', { a: Symbol('s') }, 'a'],
    ['a bigint', [1n], '0'],
    ['undefined in an array', { list: [1, undefined] }, 'list.1'],
    ['a hole in an array', { list: new Array(2) }, 'list.0'],
    ['undefined itself', undefined, ''],
    ['NaN', { n: Number.NaN }, 'n'],
    ['infinity', { n: Number.NEGATIVE_INFINITY }, 'n'],
    ['a Date', { at: new Date(0) }, 'at'],
    ['a Map', { m: new Map() }, 'm'],
    ['a Set', { s: new Set() }, 's'],
    ['an Error', { e: new Error('x') }, 'e'],
    ['an instance of a class', { price: new Money() }, 'price'],
    ['bytes', { b: new Uint8Array(2) }, 'b'],
    ['a cycle', cycle, 'self.back'],
    ['the key __proto__', { a: JSON.parse('{"__proto__": {"isAdmin": true}}') }, 'a.__proto__'],
    ['the key xstate$$type', { a: [{ xstate$$type: 1 }] }, 'a.0.xstate$$type'],
  ])('%s is refused with its path', (_name, value, path) => {
    const error = refusal(() => admitJson(value));
    expect(error.code).toBe('notJson');
    expect(error.path).toBe(path);
    expect(error.expected).toContain('a JSON value');
  });

  test('the path begins where the caller says that the value stands', () => {
    expect(refusal(() => admitJson({ a: Number.NaN }, 'payload')).path).toBe('payload.a');
  });
});

describe('how deep', () => {
  test(`${maxJsonDepth} levels are taken, one more is not`, () => {
    expect(admitJson(nested(maxJsonDepth))).toEqual(nested(maxJsonDepth));
    const error = refusal(() => admitJson(nested(maxJsonDepth + 1)));
    expect(error.code).toBe('tooDeep');
    expect(error.expected).toBe('at most 64 levels');
  });

  test('a value that is far too deep is refused as well, without harm', () => {
    expect(refusal(() => admitJson(nested(100_000))).code).toBe('tooDeep');
  });
});

describe('how big', () => {
  test.each([
    ['plain text', 'x'.repeat(maxJsonBytes - 2), 'x'],
    ['text of three bytes a letter', '€'.repeat((maxJsonBytes - 4) / 3), 'xxx'],
    ['text of four bytes a letter', '🦉'.repeat((maxJsonBytes - 4) / 4), 'xxx'],
    ['text that JSON escapes', '\n'.repeat((maxJsonBytes - 2) / 2), 'x'],
  ])('%s is taken to the last byte and not beyond', (_name, text, more) => {
    expect(bytesOf(text)).toBeLessThanOrEqual(maxJsonBytes);
    expect(admitJson(text)).toBe(text);
    expect(bytesOf(text + more)).toBeGreaterThan(maxJsonBytes);
    expect(refusal(() => admitJson(text + more)).code).toBe('tooLarge');
  });

  test('any value is measured as its text is long', () => {
    const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
    fc.assert(
      fc.property(value, (part) => {
        fc.pre(!JSON.stringify(part).includes('"__proto__"'));
        const room = maxJsonBytes - bytesOf([part, '']);
        expect(() => admitJson([part, 'x'.repeat(room)])).not.toThrow();
        expect(refusal(() => admitJson([part, 'x'.repeat(room + 1)])).code).toBe('tooLarge');
      }),
      { numRuns: 50 },
    );
  });
});

describe('canonical text', () => {
  test('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [{ y: 1, x: 2 }], a: null })).toBe('{"a":null,"b":[{"x":2,"y":1}]}');
  });

  test("is what JSON.stringify makes of sorted keys: logs' hashes rest on it", () => {
    const sorted = (value: unknown): string =>
      JSON.stringify(value, (_key, field: unknown) =>
        typeof field === 'object' && field !== null && !Array.isArray(field)
          ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
          : field,
      );
    const key = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.nat().map(String), fc.constant('4294967295'));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(undefined)),
        fc.constantFrom(null, -0, 'a"b', 'a\\b', 'a\u2028b', '\ud800', () => 1),
        fc.array(tie('value')),
        fc.dictionary(key, tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, (each) => {
        expect(canonicalJson(each)).toBe(sorted(each));
      }),
      { numRuns: 1000 },
    );
    expect(canonicalJson({ 10: 1, 9: 2, '09': 3, b: 4, a: 5 })).toBe('{"9":2,"10":1,"09":3,"a":5,"b":4}');
  });

  test('differs for different values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const [left, right] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))];
        let equal = true;
        try {
          expect(left).toEqual(right);
        } catch {
          equal = false;
        }
        expect(canonicalJson(left) === canonicalJson(right)).toBe(equal);
      }),
    );
  });
});
