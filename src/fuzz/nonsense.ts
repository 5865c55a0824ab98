/**
 * Values that nobody should say, as descriptions that can be printed and made small.
 *
 * - Ns1 a description is plain JSON, but for what JSON has no word for (`undefined`, NaN, big integers, symbols).
 *   `{ $: name }` stands for something hostile; `build` makes the thing itself, a new one each time.
 */
import fc from 'fast-check';

export type Description = unknown;

const thrower = (what: string) => (): never => {
  throw new Error(`${what} is a trap`);
};

const long = 'x'.repeat(10_001);
const huge = 'x'.repeat(256 * 1024);

class Custom {
  readonly field = 1;
}

const nested = (levels: number): unknown => {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
};

const trapped = (trap: keyof ProxyHandler<object>, target: object = {}) =>
  new Proxy(target, { [trap]: thrower(`the trap ${trap}`) });

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function cycle(): object {
  const value: { self?: unknown; list: unknown[] } = { list: [] };
  value.self = value;
  value.list.push(value);
  return value;
}

/** What reads as one thing at first and as another afterwards. */
function fickle(): object {
  let reads = 0;
  return new Proxy(
    {},
    {
      get: () => (reads++ === 0 ? 'x' : { later: reads }),
      ownKeys: () => ['type', 'id', 'to'],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: reads++ }),
    },
  );
}

const hostile: { readonly [name: string]: () => unknown } = {
  function: () => () => 'done',
  asyncFunction: () => async () => 'done',
  throwingFunction: () => thrower('it'),
  generator: () => (function* () {})(),
  symbol: () => Symbol('secret'),
  bigint: () => 2n ** 70n,
  date: () => new Date(0),
  invalidDate: () => new Date(Number.NaN),
  map: () => new Map([[{}, 1]]),
  set: () => new Set([1]),
  weakMap: () => new WeakMap(),
  regexp: () => /x/g,
  bytes: () => new Uint8Array(8),
  error: () => new Error('an error'),
  promise: () => Promise.resolve('later'),
  boxed: () => Object('text'),
  instance: () => new Custom(),
  nullPrototype: () => Object.assign(Object.create(null), { type: 'x' }),
  nullPrototypeList: () => Object.setPrototypeOf(['x'], null),
  cycle,
  fickle,
  deep: () => nested(65),
  veryDeep: () => nested(5000),
  long: () => long,
  huge: () => huge,
  wide: () => Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`key-${index}`, index])),
  longList: () => Array.from({ length: 3000 }, () => 'x'),
  sparse: () => {
    const list = [1];
    list[20] = 2;
    return list;
  },
  endlessList: () => new Array(2 ** 32 - 1),
  listWithFields: () => Object.assign(['x'], { isAdmin: true }),
  arguments: () =>
    (function give(..._given: unknown[]) {
      // biome-ignore lint/complexity/noArguments: this is what it is about.
      return arguments;
    })('x'),
  pollution: () => JSON.parse('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'),
  inherited: () => Object.create({ type: 'x', id: 'inherited' }),
  xstateType: () => ({ xstate$$type: 1 }),
  toJson: () => ({ toJSON: thrower('toJSON') }),
  noText: () => ({ toString: thrower('toString'), valueOf: thrower('valueOf') }),
  primitive: () => ({ [Symbol.toPrimitive]: thrower('toPrimitive') }),
  // biome-ignore lint/suspicious/noThenProperty: this is what it is about.
  thenable: () => ({ then: thrower('then') }),
  // biome-ignore lint/suspicious/noThenProperty: this is what it is about.
  never: () => ({ then: () => {} }),
  getter: () => Object.defineProperty({}, 'type', { enumerable: true, get: thrower('a getter') }),
  iterator: () => ({ [Symbol.iterator]: thrower('an iterator') }),
  proxyGet: () => trapped('get', { type: 'x', id: 'x' }),
  proxyHas: () => trapped('has'),
  proxyKeys: () => trapped('ownKeys'),
  proxyPrototype: () => trapped('getPrototypeOf'),
  proxyDescriptor: () => trapped('getOwnPropertyDescriptor', { type: 'x' }),
  proxyList: () => trapped('get', ['x']),
  revoked: () => revoked({}),
  revokedList: () => revoked([]),
  revokedFunction: () => revoked(() => {}),
};

const hostileNames = Object.keys(hostile);

/** Words that mean something somewhere. */
const words = [
  ...['', ' ', 'x', '0', '-1', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'length'],
  ...['hub', 'clock', 'client', 'planner', 'dev-1', 'qa-1', 'nobody', 'task-1', 'task-2', 'chore', 'daily', 'alice'],
  ...['xstate.stop', 'xstate.done.actor.gate', 'XSTATE.init', '*', 'normal', 'approve', 'reject', 'wait', 'dev'],
  ...['\ud800', 'a\udc00b', '\u0000', '\u202e', 'é', 'x'.repeat(129), '../x', "'; DROP TABLE--", '{{x}}'],
];

const numbers = [0, -0, 1, -1, 0.5, 5, 1001, 2 ** 31, 2 ** 53, -(2 ** 53), 8.64e15, 1e21, 1e308, Number.MIN_VALUE];

const leaf: fc.Arbitrary<Description> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...words) },
  { weight: 3, arbitrary: fc.constantFrom(...numbers, Number.NaN, Number.POSITIVE_INFINITY) },
  { weight: 3, arbitrary: fc.constantFrom(undefined, null, true, false) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 6, arbitrary: fc.constantFrom(...hostileNames).map(($) => ({ $ })) },
);

export const key: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...words, 'id', 'type', 'payload', 'task', 'reason', 'from', 'isAdmin') },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
);

/** Anything: words, numbers, lists and objects of them, and things that bite. */
export const nonsense: fc.Arbitrary<Description> = fc.letrec((tie) => ({
  any: fc.oneof(
    { weight: 8, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(tie('any'), { maxLength: 4 }) },
    { weight: 2, arbitrary: fc.dictionary(key, tie('any'), { maxKeys: 4 }) },
  ),
})).any;

const isNode = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The thing itself. */
export function build(description: Description): unknown {
  if (!isNode(description)) return description;
  if (Array.isArray(description)) return description.map(build);
  const { $ } = description as { readonly $?: unknown };
  if (typeof $ === 'string') return (hostile[$] ?? (() => $))();
  const built: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(description)) {
    const isTrap = isNode(value) && (value as { readonly $?: unknown }).$ === 'trap';
    Object.defineProperty(built, name, {
      enumerable: true,
      configurable: true,
      ...(isTrap ? { get: thrower(`the field ${name}`) } : { value: build(value), writable: true }),
    });
  }
  return built;
}
