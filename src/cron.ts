/** xstate-hub/cron: a calendar for `createHub({ calendar })`. */

export type { Calendar } from './actors/calendar.ts';
export { cronCalendar } from './actors/cron-calendar.ts';
