import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TypeLimits } from '../../src/hub/type-limits.ts';
import { configSchema, type HubConfigInput } from '../../src/machines/config.ts';

const worldWith = (limits: HubConfigInput['limits']) => ({ config: configSchema.parse({ limits }), at: 0 });

/** A bucket of tokens in whole numbers: what rounding could spoil, it cannot. */
class Model {
  readonly #count: bigint;
  readonly #perMs: bigint;
  #level: bigint;
  #at = 0n;
  running = 0;

  constructor({ count, perMs }: { count: number; perMs: number }) {
    [this.#count, this.#perMs] = [BigInt(count), BigInt(perMs)];
    this.#level = this.#count * this.#perMs;
  }

  has(at: number): boolean {
    return this.#levelAt(BigInt(at)) >= this.#perMs;
  }

  take(at: number): void {
    this.#level = this.#levelAt(BigInt(at)) - this.#perMs;
    this.#at = BigInt(at);
  }

  /** The first ms at which there is a token. */
  next(at: number): number {
    const lacks = this.#perMs - this.#levelAt(BigInt(at));
    return lacks <= 0n ? at : at + Number((lacks + this.#count - 1n) / this.#count);
  }

  #levelAt(at: bigint): bigint {
    const [full, level] = [this.#count * this.#perMs, this.#level + (at - this.#at) * this.#count];
    if (level > full) return full;
    return level;
  }
}

const rate = fc.record({ count: fc.integer({ min: 1, max: 50 }), perMs: fc.integer({ min: 1, max: 100_000 }) });
const step = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 5000 }) }),
  fc.record({ do: fc.constant('start' as const) }),
  fc.record({ do: fc.constant('end' as const) }),
  fc.record({ do: fc.constant('waitForToken' as const) }),
);

test('it lets start exactly what a bucket of tokens and a count of what runs let start', () => {
  fc.assert(
    fc.property(rate, fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 200 }), (per, concurrency, steps) => {
      const world = worldWith({ build: { concurrency, rate: per } });
      const [limits, model] = [new TypeLimits(), new Model(per)];
      for (const each of steps) {
        if (each.do === 'wait') world.at += each.ms;
        if (each.do === 'waitForToken') world.at = model.next(world.at);
        if (each.do === 'end' && model.running > 0) {
          model.running--;
          limits.end('build');
        }
        const may = model.running < concurrency && model.has(world.at);
        expect(limits.mayStart('build', world)).toBe(may);
        if (each.do !== 'start' || !may) continue;
        model.running++;
        model.take(world.at);
        const nextAt = limits.start('build', world);
        expect(nextAt).toBe(model.has(world.at) ? null : model.next(world.at));
      }
    }),
    { numRuns: 300 },
  );
});

test('when it says that the next may start, the next may start', () => {
  fc.assert(
    fc.property(rate, fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 100 }), (per, waits) => {
      const world = worldWith({ build: { rate: per } });
      const limits = new TypeLimits();
      for (const wait of waits) {
        const nextAt = limits.start('build', world);
        world.at = (nextAt ?? world.at) + wait;
        expect(limits.mayStart('build', world)).toBe(true);
      }
    }),
  );
});

describe('H4: what has started', () => {
  test('is counted by type', () => {
    const world = worldWith({ build: { concurrency: 1 }, deploy: { concurrency: 1 } });
    const limits = new TypeLimits();
    limits.start('build', world);
    expect(['build', 'deploy', 'other'].map((type) => limits.mayStart(type, world))).toEqual([false, true, true]);
  });

  test('is counted without a limit too, so that a limit that comes later finds it', () => {
    const limits = new TypeLimits();
    limits.start('build', worldWith({}));
    const limited = worldWith({ build: { concurrency: 1 } });
    expect(limits.mayStart('build', limited)).toBe(false);
    limits.end('build');
    expect(limits.mayStart('build', limited)).toBe(true);
    limits.end('build');
    limits.start('build', limited);
    expect(limits.mayStart('build', limited)).toBe(false);
  });

  test('a type that is called like something every object has is not limited', () => {
    const world = worldWith({});
    const limits = new TypeLimits();
    for (const type of ['constructor', 'toString', '__proto__']) {
      expect(limits.isLimited(type, world)).toBe(false);
      expect(limits.start(type, world)).toBeNull();
      expect(limits.mayStart(type, world)).toBe(true);
    }
  });

  test('a limit of nothing limits nothing', () => {
    const world = worldWith({ build: {} });
    const limits = new TypeLimits();
    for (let started = 0; started < 100; started++) expect(limits.start('build', world)).toBeNull();
    expect(limits.mayStart('build', world)).toBe(true);
  });
});
