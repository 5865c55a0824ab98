/**
 * Plans and requests as files from elsewhere have them: the task orchestrator's own JSON in snake_case, and ours.
 *
 * - K1 what is readable is read: several names for one field, ranges of minutes in several forms. What is not known is
 *   left out with a warning, since such files come from elsewhere.
 * - K2 what cannot be read is refused with all that is wrong, each with its path; `surveyPlan` tells it, the readers
 *   throw it.
 *
 * The way back is seed-documents.ts.
 */
import { HubError, type SpecFault } from '../machines/errors.ts';
import {
  type ComplexRequest,
  complexRequestSchema,
  type Plan,
  planSchema,
  type Subtask,
  subtaskSchema,
} from '../machines/plan.ts';
import { shapeFaults } from '../machines/shape-faults.ts';
import { Fields, isMapping, listOf, minutesExpected, minutesOf, type ReadingNote, textOf } from './seed-fields.ts';

export interface Read<T> {
  readonly value: T;
  /** Keys that were left out, estimates that were missing, and the like. */
  readonly warnings: readonly ReadingNote[];
}

/** An entry of the task queue. */
export interface QueuedRequest {
  readonly id: string;
  /** As it is written; `pending` when it is not. */
  readonly status: string;
  /** Who has it already. */
  readonly assignedTo: string | null;
  readonly priority: string | number | null;
  readonly request: ComplexRequest;
}

/** Whether it looks like a plan, like a request, or like neither. */
export function kindOf(value: unknown): 'plan' | 'request' | undefined {
  if (Array.isArray(value)) return value.length > 0 && value.every(isMapping) ? 'plan' : undefined;
  if (!isMapping(value)) return undefined;
  if ('subtasks' in value || 'subtask_id' in value || 'execution_plan' in value) return 'plan';
  return requestNames.some((name) => name in value) ? 'request' : undefined;
}

const requestNames = ['title', 'task_title', 'request', 'description'];

/** A plan, or what is wrong with it. */
export interface Survey {
  /** Absent when there are faults. */
  readonly plan?: Plan;
  readonly faults: readonly ReadingNote[];
  readonly warnings: readonly ReadingNote[];
}

/** Reads an orchestration plan, a list of subtasks, or one subtask; tells all that is wrong, and throws nothing. */
export function surveyPlan(value: unknown): Survey {
  const faults: ReadingNote[] = [];
  const warnings: ReadingNote[] = [];
  const plan = guarded(faults, () => planOf(value, faults, warnings));
  return { ...(faults.length === 0 && plan !== undefined && { plan }), faults, warnings };
}

/** Throws `invalid` with the first fault's path, and all of them as `faults`. */
export function readPlan(value: unknown): Read<Plan> {
  const { plan, faults, warnings } = surveyPlan(value);
  if (plan === undefined) throw refusal('plan', faults);
  return { value: plan, warnings };
}

/** One subtask by the template. Throws as {@link readPlan} does. */
export function readSubtask(value: unknown): Read<Subtask> {
  const faults: ReadingNote[] = [];
  const warnings: ReadingNote[] = [];
  const subtask = guarded(faults, () => subtaskOf(value, '', faults, warnings));
  if (subtask === undefined || faults.length > 0) throw refusal('subtask', faults);
  return { value: subtask, warnings };
}

/** A request; of a queue's entry what it asks for. Throws as {@link readPlan} does. */
export function readRequest(value: unknown): Read<ComplexRequest> {
  const faults: ReadingNote[] = [];
  const warnings: ReadingNote[] = [];
  const request = guarded(faults, () => requestOf(value, faults, warnings));
  if (request === undefined || faults.length > 0) throw refusal('request', faults);
  return { value: request, warnings };
}

/** An entry of `task-queue.json`. Throws as {@link readPlan} does. */
export function readQueued(value: unknown): Read<QueuedRequest> {
  const { value: request, warnings } = readRequest(value);
  const { id, task_id = id, status, assigned_to, priority } = value as { readonly [key: string]: unknown };
  const isName = typeof task_id === 'string' && subtaskSchema.shape.id.safeParse(task_id).success;
  if (!isName) {
    throw refusal('request', [
      { path: 'id', message: 'an entry of the queue needs an id', expected: 'an id, as text' },
    ]);
  }
  return {
    value: {
      id: task_id,
      status: typeof status === 'string' ? status : 'pending',
      assignedTo: typeof assigned_to === 'string' && assigned_to !== '' ? assigned_to : null,
      priority: typeof priority === 'string' || typeof priority === 'number' ? priority : null,
      request,
    },
    warnings,
  };
}

function planOf(value: unknown, faults: ReadingNote[], warnings: ReadingNote[]): Plan | undefined {
  if (Array.isArray(value)) return planOf({ title: 'a list of subtasks', subtasks: value }, faults, warnings);
  if (isMapping(value) && 'subtask_id' in value && !('subtasks' in value)) {
    const subtask = subtaskOf(value, '', faults, warnings);
    return subtask && { title: subtask.title, description: '', subtasks: [subtask] };
  }
  const fields = fieldsOf(value, '', 'an orchestration plan', faults, warnings);
  if (fields === undefined) return undefined;
  const list = fields.take('subtasks');
  if (!Array.isArray(list))
    fields.refuse('subtasks', 'a list of subtasks', list === undefined ? 'is required' : undefined);
  const subtasks = (Array.isArray(list) ? list : []).map((one, index) =>
    subtaskOf(one, `subtasks.${index}`, faults, warnings),
  );
  const givenStages = stagesIn(fields);
  const plan = {
    title: fields.take('title', 'task_title') ?? fields.take('orchestrationId', 'orchestration_id') ?? 'untitled',
    description: textOf(fields.take('description', 'task_description')),
    subtasks: [],
    ...(givenStages !== undefined && { givenStages }),
  };
  fields.leave(
    'id',
    'orchestration_id',
    'parent_task_id',
    'task_id',
    'complexity',
    'created_at',
    'updated_at',
    'status',
    'resource_estimate',
    'progress',
    'metadata',
  );
  const shaped = shape(planSchema, plan, fields);
  if (shaped === undefined || subtasks.some((one) => one === undefined)) return undefined;
  if (subtasks.length > most) fields.refuse('subtasks', `at most ${most} subtasks`);
  return { ...shaped, subtasks: subtasks as Subtask[] };
}

const most = 2000;

function subtaskOf(value: unknown, path: string, faults: ReadingNote[], warnings: ReadingNote[]): Subtask | undefined {
  const fields = fieldsOf(value, path, 'a subtask', faults, warnings);
  if (fields === undefined) return undefined;
  const id = fields.take('id', 'subtask_id');
  const title = fields.take('title');
  if (title === undefined) fields.doubt('title', 'has no title; its id stands for it');
  const worker = fields.take('workerType', 'worker_type');
  const subtask = {
    id,
    title: title ?? id,
    description: textOf(fields.take('description')),
    owner: ownerIn(fields),
    workerType: typeof worker === 'string' ? worker.trim().replace(/\s+/g, '-') : (worker ?? null),
    capabilities: listOf(fields.take('capabilities', 'required_capabilities')),
    dependencies: listOf(fields.take('dependencies', 'depends_on')),
    minutes: minutesIn(fields),
    tokens: fields.take('tokens', 'estimated_tokens') ?? absentTokens(fields),
    files: listOf(fields.take('files', 'files_affected')),
    successCriteria: textOf(fields.take('successCriteria', 'success_criteria')),
  };
  fields.leave(
    'parent_task_id',
    'status',
    'created_at',
    'updated_at',
    'priority',
    'metadata',
    'retry_count',
    'retry_reason',
    'retry_modifications',
  );
  return shape(subtaskSchema, subtask, fields);
}

/** Exactly one master; the fault of two has a name of its own. */
function ownerIn(fields: Fields): unknown {
  const written = fields.take('owner', 'assigned_to');
  const isWord = typeof written === 'string' && written.length <= 500; // Longer is no list of owners, nor an owner.
  const owners = isWord ? written.split(/\s*(?:[,;+&|]|\band\b)\s*/) : written;
  const isOne =
    Array.isArray(owners) && owners.length === 1 && typeof owners[0] === 'string' && owners[0].trim() !== '';
  if (isOne) return owners[0].trim();
  const found =
    Array.isArray(owners) && owners.length > 1
      ? `${owners.length} owners: ${owners.slice(0, 5).map(named).join(', ')}`
      : 'no owner';
  fields.refuse('owner', 'exactly one owner', `expected exactly one owner, found ${found}`, 'exactlyOneOwner');
  return 'nobody';
}

const named = (owner: unknown): string => (typeof owner === 'string' ? owner.slice(0, 60) : typeof owner);

/** How long it takes when nobody says: as long as a subtask should. */
const usualMinutes = { min: 20, max: 20 };

function minutesIn(fields: Fields): unknown {
  const exact = fields.take(
    'minutes',
    'estimated_duration_minutes',
    'estimated_duration',
    'estimated_minutes',
    'duration',
  );
  const written = fields.take('range', 'estimated_duration_range') ?? exact;
  if (written === undefined) {
    fields.doubt('minutes', `says not how long it takes; taken as ${usualMinutes.max} minutes`, minutesExpected);
    return usualMinutes;
  }
  const minutes = minutesOf(written);
  if (minutes === undefined) fields.refuse('minutes', minutesExpected);
  return minutes ?? usualMinutes;
}

function absentTokens(fields: Fields): number {
  fields.doubt('tokens', 'says not how many tokens it takes; counted as 0');
  return 0;
}

const stagesExpected = 'stages, such as { stage_1: [a], stage_2: [b, c] }';

function stagesIn(fields: Fields): unknown {
  const written = fields.take('givenStages', 'execution_plan', 'stages');
  if (written === undefined) return undefined;
  if (Array.isArray(written)) return written.map(listOf);
  const stages = isMapping(written)
    ? Object.entries(written).map(([key, ids]) => ({ place: stageNumber(key), ids }))
    : [];
  if (!isMapping(written) || stages.some(({ place }) => place === undefined)) {
    fields.refuse('givenStages', stagesExpected);
    return undefined;
  }
  return stages.sort((a, b) => (a.place ?? 0) - (b.place ?? 0)).map(({ ids }) => listOf(ids ?? undefined));
}

function stageNumber(key: string): number | undefined {
  const [, digits] = /^(?:stage[ _-]?)?(\d{1,6})$/i.exec(key.trim()) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function requestOf(value: unknown, faults: ReadingNote[], warnings: ReadingNote[]): ComplexRequest | undefined {
  const fields = fieldsOf(value, '', 'a request', faults, warnings);
  if (fields === undefined) return undefined;
  const description = textOf(fields.take('description'));
  const said = fields.take('title', 'task_title', 'request') ?? firstLine(description);
  const duration = fields.take(
    'minutes',
    'estimated_duration_minutes',
    'estimated_duration',
    'estimated_minutes',
    'duration',
  );
  const minutes = duration === undefined ? undefined : minutesOf(duration);
  if (duration !== undefined && minutes === undefined) fields.refuse('minutes', minutesExpected);
  const optional = {
    domains: fields.take('domains', 'domains_involved'),
    files: fields.take('files', 'files_affected'),
    dependencies: fields.take('dependencies', 'external_dependencies'),
    masters: fields.take('masters', 'masters_involved'),
  };
  const request = {
    title: said,
    description,
    ...Object.fromEntries(
      Object.entries(optional).flatMap(([key, list]) => (list === undefined ? [] : [[key, listOf(list)]])),
    ),
    minutes: minutes?.max,
    tokens: fields.take('tokens', 'estimated_tokens'),
    orchestrationRequired: fields.take('orchestrationRequired', 'orchestration_required'),
  };
  fields.leave(
    'id',
    'task_id',
    'type',
    'status',
    'priority',
    'assigned_to',
    'created_at',
    'updated_at',
    'created_by',
    'metadata',
    'context',
    'tags',
  );
  return shape(complexRequestSchema, request, fields);
}

const firstLine = (text: unknown): unknown =>
  typeof text === 'string' && text.trim() !== '' ? text.trim().split('\n', 1)[0]?.slice(0, 500) : undefined;

function fieldsOf(value: unknown, path: string, what: string, faults: ReadingNote[], warnings: ReadingNote[]) {
  if (isMapping(value)) return new Fields(value, path, faults, warnings);
  faults.push({ path, message: `expected ${what}: a mapping of fields`, expected: what });
  return undefined;
}

/** The value in its shape; what is wrong is told under the keys that were written. */
function shape<S extends Parameters<typeof shapeFaults>[0]>(schema: S, value: unknown, fields: Fields) {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data as ReturnType<S['parse']>;
  for (const { path, expected, message } of shapeFaults(schema, value)) {
    const [name = '', ...rest] = path.map(String);
    fields.faults.push({ path: fields.pathOf(name, ...rest), message, expected });
  }
  return undefined;
}

/** Reading never throws anything of its own, whatever it is given (a getter can throw). */
function guarded<T>(faults: ReadingNote[], read: () => T): T | undefined {
  try {
    return read();
  } catch {
    faults.push({ path: '', message: 'cannot be read', expected: 'plain JSON' });
    return undefined;
  }
}

function refusal(what: string, notes: readonly ReadingNote[]): HubError {
  const faults: SpecFault[] = notes.map(({ path, message }) => ({ field: path, message }));
  const told = faults.slice(0, 10).map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  const more = faults.length > told.length ? [`and ${faults.length - told.length} more`] : [];
  const [first] = notes;
  return new HubError('invalid', [...told, ...more].join('\n'), {
    path: first?.path ?? '',
    expected: first?.expected ?? `a ${what}`,
    faults,
  });
}
