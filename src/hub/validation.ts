/** Asking the validator about a task, and what follows from its answer. */
import { admitJson, type Json } from '../machines/json.ts';
import { type Fault, faultSchema, type Payload } from '../machines/messages.ts';
import { cancelTask } from './task-endings.ts';
import { describe, refusePromise } from './thrown.ts';
import type { Turn } from './turn.ts';
import type { ValidationFault } from './validator.ts';

/**
 * Asks the validator, if there is something to ask about; a task that is not valid is cancelled with its faults. The
 * parts of an orchestration need no working spec: the plan that they come from was checked.
 */
export function isValid(turn: Turn, { taskId, spec, orchestrationId }: Payload<'task.submit'>, now: number): boolean {
  if (spec === undefined && (!turn.state.config.requireSpec || orchestrationId !== undefined)) return true;
  const { valid, errors, warnings } = validate(turn, spec ?? null, now);
  if (valid) {
    turn.emit(taskId, 'task.validated', { taskId, warnings });
    return true;
  }
  turn.emit(taskId, 'task.invalid', { taskId, errors, warnings });
  cancelTask(turn, taskId, 'the working spec is not valid');
  return false;
}

/** A validator that throws, or answers nonsense, has not said that the spec is good. */
function validate(
  { validator }: Turn,
  spec: Json,
  now: number,
): { valid: boolean; errors: Fault[]; warnings: Fault[] } {
  try {
    const answer = validator(spec, now);
    refusePromise(answer);
    if (typeof answer !== 'object') throw new Error('expected { valid, errors, warnings }');
    const [errors, warnings] = [faultsOf(answer.errors), faultsOf(answer.warnings)];
    if (answer.valid !== true && errors.length === 0)
      errors.push({ field: '', message: 'the validator does not say why' });
    return { valid: answer.valid === true && errors.length === 0, errors, warnings };
  } catch (error) {
    const message = `the validator failed: ${describe(error)}`;
    return { valid: false, errors: [{ field: '', message }], warnings: [] };
  }
}

/** Most faults of a kind that are told one by one. */
const mostFaults = 1000;

function faultsOf(found: readonly ValidationFault[]): Fault[] {
  const faults = (admitJson(found.slice(0, mostFaults)) as unknown as ValidationFault[]).map(asFault);
  const more = found.length - faults.length;
  return more > 0 ? [...faults, { field: '', message: `and ${more} more` }] : faults;
}

const asFault = ({ field, message, suggestion }: ValidationFault): Fault =>
  faultSchema.parse({ field, message, ...(suggestion !== undefined && { suggestion }) });
