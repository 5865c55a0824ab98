/** What went wrong, as the page says it. */
import { HubError } from 'xstate-hub';
import type { Trouble } from './protocol.ts';

export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof HubError)) return { message: error instanceof Error ? error.message : String(error) };
  const { message, path, expected } = error;
  return { message, ...(path !== undefined && { path }), ...(expected !== undefined && { expected }) };
}
