/** What went wrong, as the page says it. */
import { HubError } from 'xstate-hub';
import type { Trouble } from './protocol.ts';

/** The hub names every type that there is. */
const everyType = /Invalid discriminator value\. Expected .*/s;

export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof HubError)) return { message: error instanceof Error ? error.message : String(error) };
  const { path, expected } = error;
  const message = error.message.replace(everyType, 'this type is not known here');
  return {
    message,
    ...(path !== undefined && { path }),
    ...(expected !== undefined && !everyType.test(expected) && { expected }),
  };
}
