/** A duration in a file, checked. Apart from how it is read and written, which pages need without the checking. */
import { z } from 'zod';
import { parseDuration } from './duration.ts';

/** A duration in a file: text or milliseconds in, milliseconds out. */
export const durationSchema = z.union([z.number().min(0), z.string()]).transform((value, issues) => {
  const ms = typeof value === 'number' ? value : parseDuration(value);
  if (ms !== undefined) return ms;
  issues.addIssue({ code: 'custom', message: 'expected a duration such as "90s", "5m" or "1h30m", or milliseconds' });
  return z.NEVER;
});
