import { expect } from 'vitest';
import { HubError } from '../../src/machines/errors.ts';

/** What `call` throws, which has to be a HubError. */
export function refusal(call: () => unknown): HubError {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(HubError);
    return error as HubError;
  }
  throw new Error('nothing was refused');
}

/** What `promise` rejects with, which has to be a HubError. */
export async function rejection(promise: PromiseLike<unknown>): Promise<HubError> {
  try {
    await promise;
  } catch (error) {
    expect(error).toBeInstanceOf(HubError);
    return error as HubError;
  }
  throw new Error('nothing was rejected');
}
