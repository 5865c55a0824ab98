/** When a failed task is tried again. Pure: the chance comes in as a number. */
import type { HubConfig } from '../machines/config.ts';

/**
 * How long to wait before the attempt after attempt `attempt`, in ms: exponential, capped, with jitter
 * ("equal jitter" for 0.5: between half of it and all of it).
 *
 * @param chance in [0, 1)
 */
export function backoffMs(
  attempt: number,
  { backoffMs, factor, maxBackoffMs, jitter }: HubConfig['retry'],
  chance: number,
): number {
  const full = Math.min(maxBackoffMs, backoffMs * factor ** (attempt - 1));
  return Math.round(full * (1 - jitter * chance));
}
