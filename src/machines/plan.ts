/**
 * The shape of a complex request and of a plan for it: subtasks with one owner each, and what waits for what.
 *
 * Owns shapes only. Whether a plan is a good one is for plan-rules.ts to say: an empty list of subtasks or an empty
 * success criterion has the right shape.
 */
import { z } from 'zod';
import { id, shortText, tags, userType } from './primitives.ts';

/** Most subtasks of a plan. */
export const mostSubtasks = 2000;

const longText = z.string().max(10_000);
const amount = z.int().min(0).max(1_000_000_000);
const path = z.string().min(1).max(1000);
const minute = z.number().min(0).max(100_000);

const minutesSchema = z
  .strictObject({ min: minute, max: minute })
  .refine(({ min, max }) => min <= max, { path: ['max'], error: 'expected at least as many as min' });
/** A range of minutes of work. */
export type Minutes = z.infer<typeof minutesSchema>;

export const subtaskSchema = z.strictObject({
  id,
  title: shortText,
  description: longText.default(''),
  /** The master that it goes to: an agent type. */
  owner: id,
  /** What kind of worker the master puts on it (`planner`, `test`); null for any. */
  workerType: userType.nullable().default(null),
  /** What the agent has to be capable of. */
  capabilities: tags.default([]),
  /** Ids of subtasks that have to be complete before. */
  dependencies: z.array(id).max(mostSubtasks).default([]),
  minutes: minutesSchema,
  /** How many tokens it is thought to take. */
  tokens: amount,
  /** The files that it changes. */
  files: z.array(path).max(1000).default([]),
  /** By what one sees that it is done. */
  successCriteria: longText.default(''),
});
export type Subtask = z.infer<typeof subtaskSchema>;

export const planSchema = z.strictObject({
  title: shortText,
  description: longText.default(''),
  subtasks: z.array(subtaskSchema).max(mostSubtasks),
  /** The ids stage by stage, when the author wrote an execution plan; without it stages are computed. */
  givenStages: z.array(z.array(id).max(mostSubtasks)).max(mostSubtasks).optional(),
});
export type Plan = z.infer<typeof planSchema>;
/** A plan as it is written: what has a default can be left out. */
export type PlanInput = z.input<typeof planSchema>;

const name = z.string().min(1).max(128);

/** What somebody asks for. All but the words can be left out. */
export const complexRequestSchema = z.strictObject({
  title: shortText,
  description: longText.default(''),
  /** Fields of work that are known to be touched: `development`, `security`, `inventory`, `cicd`, `documentation`, … */
  domains: z.array(name).max(64).optional(),
  /** Files that are known to be changed. */
  files: z.array(path).max(10_000).optional(),
  /** What it depends on outside of itself. */
  dependencies: z.array(shortText).max(1000).optional(),
  /** How long it is thought to take. */
  minutes: minute.optional(),
  tokens: amount.optional(),
  /** The masters that have to take part: agent types. */
  masters: z.array(id).max(64).optional(),
  /** Whoever asks wants it orchestrated, however simple it looks. */
  orchestrationRequired: z.boolean().optional(),
});
export type ComplexRequest = z.infer<typeof complexRequestSchema>;
