/** Reads a plan that was kept: what `simulate --replay` is given. */
import { HubError } from '../machines/errors.ts';
import { parse } from '../machines/parse.ts';
import { type Plan, planSchema } from './plan.ts';

/** Throws `invalid`, with the path, for what is no plan. */
export function readPlan(text: string, file: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HubError('invalid', `${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
  return parse(planSchema, value, file);
}
