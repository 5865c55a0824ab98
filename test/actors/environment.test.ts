import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { realEnvironment } from '../../src/actors/environment.ts';

const day = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a wake-up further away than timers reach comes at its time, not at once (I12)', () => {
  const environment = realEnvironment();
  const wake = vi.fn();
  environment.wakeAt(environment.now() + 60 * day, wake);
  vi.advanceTimersByTime(60 * day - 1);
  expect(wake).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(wake).toHaveBeenCalledTimes(1);
  expect(environment.now()).toBe(1_000_000 + 60 * day);
});

test('a far wake-up can be called off after its timer was set anew', () => {
  const environment = realEnvironment();
  const wake = vi.fn();
  const cancel = environment.wakeAt(environment.now() + 400 * day, wake);
  vi.advanceTimersByTime(100 * day);
  cancel();
  vi.advanceTimersByTime(400 * day);
  expect(wake).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test('a wake-up in the past comes at once', () => {
  const environment = realEnvironment();
  const wake = vi.fn();
  environment.wakeAt(environment.now() - 5, wake);
  vi.advanceTimersByTime(0);
  expect(wake).toHaveBeenCalledTimes(1);
});

test('ids are 16 letters and digits and do not repeat', () => {
  const environment = realEnvironment();
  const ids = Array.from({ length: 1000 }, () => environment.id());
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z]{16}$/);
});

test('random numbers are in [0, 1)', () => {
  const { random } = realEnvironment();
  for (let index = 0; index < 100; index++) {
    const number = random();
    expect(number >= 0 && number < 1).toBe(true);
  }
});

test('a timer that rings before its time, or before the clock was set back, rings again (I12)', () => {
  const environment = realEnvironment();
  const wake = vi.fn();
  environment.wakeAt(environment.now() + 1000, wake);
  vi.setSystemTime(environment.now() - 500);
  vi.advanceTimersByTime(1000);
  expect(wake).not.toHaveBeenCalled();
  vi.advanceTimersByTime(500);
  expect(wake).toHaveBeenCalledTimes(1);
});

test('a clock that jumps forward, as after the sleep of a laptop, is noticed within a minute (I12)', () => {
  const environment = realEnvironment();
  const wake = vi.fn();
  environment.wakeAt(environment.now() + day, wake);
  vi.advanceTimersByTime(1000);
  vi.setSystemTime(environment.now() + day);
  expect(wake).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(wake).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});
