/** The calendar that reads cron expressions, over croner. */
import { Cron } from 'croner';
import { HubError } from '../machines/errors.ts';
import type { Calendar } from './calendar.ts';

/** Reads cron expressions of five or six fields (with seconds), and `@daily` and its like. */
export function cronCalendar(): Calendar {
  const known = new Map<string, Cron>();
  return {
    next(expression, after, timezone = 'UTC') {
      const key = `${timezone} ${expression}`;
      let cron = known.get(key);
      if (cron === undefined) {
        refuseUnknownZone(timezone);
        cron = new Cron(expression, { timezone, paused: true });
        known.set(key, cron);
      }
      return cron.nextRun(new Date(after))?.getTime() ?? null;
    },
  };
}

/** Croner would say so twice over, and only when it is asked for the next time. */
function refuseUnknownZone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (cause) {
    const expected = 'an IANA name such as Europe/Berlin';
    throw new HubError('invalid', `timezone: there is no time zone ${timezone}`, { path: 'timezone', expected, cause });
  }
}
