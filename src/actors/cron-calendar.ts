/** The calendar that reads cron expressions, over croner. */
import { Cron } from 'croner';
import type { Calendar } from './calendar.ts';

/** Reads cron expressions of five or six fields (with seconds), and `@daily` and its like. */
export function cronCalendar(): Calendar {
  const known = new Map<string, Cron>();
  return {
    next(expression, after, timezone = 'UTC') {
      const key = `${timezone} ${expression}`;
      let cron = known.get(key);
      if (cron === undefined) {
        cron = new Cron(expression, { timezone, paused: true });
        known.set(key, cron);
      }
      return cron.nextRun(new Date(after))?.getTime() ?? null;
    },
  };
}
