import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sleep } from '../../src/actors/environment.ts';
import { promisesSettled, simulatedEnvironment, simulationStart } from '../../src/actors/simulated-environment.ts';

const draw = (seed: number) => {
  const environment = simulatedEnvironment(seed);
  return Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? environment.id() : environment.random()));
};

test('the same seed gives the same ids and numbers, another seed others', () => {
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('ids are 16 letters and digits and do not repeat; numbers are in [0, 1)', () => {
  const environment = simulatedEnvironment(3);
  const ids = Array.from({ length: 1000 }, () => environment.id());
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z]{16}$/);
  for (let index = 0; index < 1000; index++) {
    const number = environment.random();
    expect(number >= 0 && number < 1).toBe(true);
  }
});

test('wake-ups run one at a time in order of time, then of request, and time stands at each (E1)', () => {
  const delays = fc.array(fc.integer({ min: -5, max: 20 }), { maxLength: 30 });
  fc.assert(
    fc.property(delays, (wanted) => {
      const environment = simulatedEnvironment(1);
      const woken: { at: number; index: number }[] = [];
      for (const [index, delay] of wanted.entries()) {
        environment.wakeAt(simulationStart + delay, () => woken.push({ at: environment.now(), index }));
      }
      while (environment.step());
      const expected = wanted
        .map((delay, index) => ({ at: simulationStart + Math.max(0, delay), index }))
        .sort((a, b) => a.at - b.at || a.index - b.index);
      expect(woken).toEqual(expected);
      expect(environment.next()).toBeUndefined();
    }),
  );
});

test('a wake-up that was called off does not run', () => {
  const environment = simulatedEnvironment(1);
  const woken: string[] = [];
  const cancel = environment.wakeAt(simulationStart + 1, () => woken.push('first'));
  environment.wakeAt(simulationStart + 2, () => woken.push('second'));
  cancel();
  expect(environment.next()).toBe(simulationStart + 2);
  environment.step();
  expect(woken).toEqual(['second']);
});

test('sleep ends at its time, or at once with the reason when its signal aborts', async () => {
  const environment = simulatedEnvironment(1);
  const slept = sleep(environment, 500).then(() => environment.now());
  environment.step();
  expect(await slept).toBe(simulationStart + 500);

  const controller = new AbortController();
  const stopped = sleep(environment, 500, controller.signal);
  controller.abort('enough');
  await expect(stopped).rejects.toBe('enough');
  await expect(sleep(environment, 500, controller.signal)).rejects.toBe('enough');
  expect(environment.next()).toBeUndefined();
});

test('what a wake-up sets off has settled before promisesSettled resolves (E1)', async () => {
  const seen: string[] = [];
  void (async () => {
    for (const step of ['a', 'b', 'c']) {
      await undefined;
      seen.push(step);
    }
  })();
  await promisesSettled();
  expect(seen).toEqual(['a', 'b', 'c']);
});
