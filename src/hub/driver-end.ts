/** How a driver's call ended: with what can be a message, or with what was thrown. */
import { SentTwice } from '../actors/driver.ts';
import type { Failure } from '../machines/messages.ts';
import type { Draft } from './kernel.ts';
import { describe } from './thrown.ts';

export type End =
  | { readonly status: 'returned'; readonly message: Draft; readonly isTwice: boolean }
  | { readonly status: 'threw'; readonly error: unknown; readonly code: 'driver' | 'invalidResult' };

/** @param toMessage what is said of the value; throws when the value cannot be in a message */
export async function settle(call: () => unknown, toMessage: (value: unknown) => Draft): Promise<End> {
  let value: unknown;
  try {
    value = await call();
  } catch (error) {
    return { status: 'threw', error, code: 'driver' };
  }
  try {
    const isTwice = value instanceof SentTwice;
    const given = isTwice ? (value as SentTwice).value : value;
    return { status: 'returned', message: toMessage(given ?? null), isTwice };
  } catch (error) {
    return { status: 'threw', error, code: 'invalidResult' };
  }
}

export function failure(end: Extract<End, { status: 'threw' }>): Failure {
  return { code: end.code, message: describe(end.error).slice(0, 10_000) };
}
