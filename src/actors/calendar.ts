/** When a cron expression is due: a port, so that the core needs no cron library. `xstate-hub/cron` has one. */
import { HubError } from '../machines/errors.ts';

export interface Calendar {
  /**
   * The first time after `after` at which the expression is due, in ms since the epoch; null for never.
   * Throws for an expression or a time zone that cannot be.
   *
   * @param timezone IANA name; default UTC
   */
  next(expression: string, after: number, timezone?: string): number | null;
}

/** What a hub has that was given no calendar: interval schedules work, cron expressions are refused. */
export const noCalendar: Calendar = {
  next() {
    throw new HubError('invalid', 'this hub has no calendar for cron expressions', {
      path: 'cron',
      expected: 'everyMs, or createHub({ calendar: cronCalendar() }) with cronCalendar from xstate-hub/cron',
    });
  },
};
