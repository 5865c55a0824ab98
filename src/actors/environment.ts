/**
 * The one door by which time, ids and randomness come in. Nothing else in `src` reads a clock, draws a
 * number or starts a timer.
 */
import { customAlphabet } from 'nanoid';

export interface Environment {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** A new id: 16 letters and digits. */
  id(): string;
  /** Calls `wake` once, at or after `time`; the answer calls it off. */
  wakeAt(time: number, wake: () => void): () => void;
}

export const idAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const idLength = 16;

/** A timer does not notice that the clock was set forward, or that the machine slept: so often the clock is looked at. */
const longestTimerMs = 60_000;

/**
 * Nanoid adds letter to letter, and V8 keeps that as a chain of pieces, five times as large, until somebody
 * reads a letter.
 */
function inOnePiece(id: string): string {
  id.charCodeAt(0);
  return id;
}

/** The machine's own clock, timers and randomness. */
export function realEnvironment(): Environment {
  const draw = customAlphabet(idAlphabet, idLength);
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    id: () => inOnePiece(draw()),
    wakeAt(time, wake) {
      let timer: ReturnType<typeof setTimeout>;
      // Timers and the clock do not agree to the last millisecond, and the clock can be set.
      const ring = () => (Date.now() < time ? arm() : wake());
      const arm = () => {
        const left = time - Date.now();
        timer = setTimeout(ring, Math.min(Math.max(0, left), longestTimerMs));
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}

/**
 * Waits `ms` on the environment's clock.
 *
 * Rejects with the signal's reason as soon as it aborts.
 */
export function sleep(environment: Environment, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = environment.wakeAt(environment.now() + ms, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    signal?.addEventListener('abort', stop, { once: true });
  });
}
