/** How large a plan and its subtasks may be. The defaults are those of the task orchestrator's description. */
import { z } from 'zod';

const count = z.int().min(1);

export const planLimitsSchema = z.strictObject({
  maxStages: count.default(10).describe('most stages of a plan; with more the request has to be broken down'),
  minSubtasks: count.default(3).describe('fewest subtasks that a plan should have'),
  maxSubtasks: count.default(10).describe('most subtasks that a plan should have'),
  longMinutes: count.default(20).describe('minutes from which on a subtask is longer than it should be'),
  maxMinutes: count.default(30).describe('most minutes that a subtask may take'),
  maxTokens: count.default(20_000).describe('most tokens that a subtask may take'),
  maxFiles: count.default(3).describe('most files that a subtask may change'),
});
export type PlanLimits = z.output<typeof planLimitsSchema>;
export type PlanLimitsInput = z.input<typeof planLimitsSchema>;
