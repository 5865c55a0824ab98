/** What a tracker can be told. */
import { z } from 'zod';
import { defaultWindows, slotsOf, type WindowSpec } from './window.ts';

const duration = z.int().min(1);

const windowSchema = z
  .strictObject({
    name: z
      .string()
      .max(32)
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'a short name of letters, digits, - and _'),
    lengthMs: duration,
    slideMs: duration,
    minCount: z.int().min(0).default(1),
  })
  .refine(({ lengthMs, slideMs }) => slideMs <= lengthMs, { path: ['slideMs'], error: 'at most lengthMs' })
  .refine((spec) => slotsOf(spec) <= 1000, 'at most 1000 slides in a window');

export const trackerOptionsSchema = z.strictObject({
  windows: z
    .array(windowSchema)
    .min(1)
    .max(16)
    .refine((windows) => new Set(windows.map(({ name }) => name)).size === windows.length, 'each name once')
    .default([...defaultWindows]),
  eventLimit: z.int().min(0).default(10_000),
  taskLimit: z.int().min(1).default(100_000),
  memoryLimitBytes: z
    .int()
    .min(100_000)
    .default(64 * 1024 * 1024),
  anonymise: z.strictObject({ salt: z.string().min(16).max(1024) }).optional(),
});

export interface TrackerOptions {
  /** Default: 5m, 1h, 24h and 7d, which move by 1 min, 15 min, 4 h and 1 d. A report without a window is of the first. */
  readonly windows?: readonly (Omit<WindowSpec, 'minCount'> & { readonly minCount?: number })[];
  /** How many raw events are kept. Default: 10,000. */
  readonly eventLimit?: number;
  /** How many unfinished tasks are remembered. Default: 100,000. */
  readonly taskLimit?: number;
  /** What the windows may take, by estimate. Default: 64 MiB. Beyond it the quietest agents are forgotten. */
  readonly memoryLimitBytes?: number;
  /**
   * Puts pseudonyms for the ids of tasks, agents, consultations and gates, and leaves out what was said in words. The
   * same salt gives the same pseudonyms; whoever does not know it cannot find an id by trying. At least 16 characters.
   */
  readonly anonymise?: { readonly salt: string };
}
