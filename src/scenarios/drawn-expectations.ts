/**
 * What a run can be held to when it is run again: how everything ended, in which order, and how much of it there was.
 *
 * Owns: reading that from a log. Does not own: whether it holds (expectations.ts).
 */
import { canonicalJson, type Json } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { countsOf } from './expectations.ts';
import type { RecordPattern } from './record-pattern.ts';
import { replay } from './replay.ts';
import type { Expectation } from './schema.ts';

/** So many are named one by one; of more, the numbers are enough. */
const most = { tasks: 300, talks: 100, order: 100 };
/** Longest result that is compared, in characters of its JSON. */
const longestResult = 1000;

export function drawExpectations(records: readonly HubRecord[]): Expectation[] {
  const { picture } = replay(records);
  const { phase } = picture.status.projectState;
  const tasks = picture.tasks.slice(0, most.tasks).map(
    ({ id, status, agentId, attempts, error, result }): Expectation => ({
      task: {
        id,
        status,
        attempts,
        ...(agentId !== null && { agent: agentId }),
        ...(error !== null && { error: error.code }),
        ...(isShort(result) && { result }),
      },
    }),
  );
  const orchestrations = picture.orchestrations.map(
    ({ orchestrationId, status, stages, subtasks }): Expectation => ({
      orchestration: {
        id: orchestrationId,
        status,
        stages: stages.map((stage) => [...stage.subtasks]),
        subtasks: Object.fromEntries(subtasks.map((subtask) => [subtask.id, subtask.status])),
      },
    }),
  );
  const letters = new Map<string, Expectation>();
  const lasting = new Set(['hub', ...picture.status.agents.map(({ id }) => id)]); // Gates are called otherwise each time.
  for (const { type, payload } of records) {
    if (type !== 'deadletter.added') continue;
    const { reason, to } = payload;
    const letter = { reason, ...(lasting.has(to) && { to }) };
    letters.set(JSON.stringify(letter), { deadLetter: letter });
  }
  return [
    ...tasks,
    ...orchestrations,
    ...startedInOrder(records),
    ...endedInOrder(records),
    ...endings(records, 'gate', 'gate.open', 'reason'),
    ...endings(records, 'consultation', 'consultation.request', 'question'),
    ...[...letters.values()].slice(0, most.talks),
    { count: countsOf(picture) },
    { phase },
  ];
}

const isShort = (result: Json): boolean => result !== null && canonicalJson(result).length <= longestResult;

function startedInOrder(records: readonly HubRecord[]): Expectation[] {
  const started = new Set<string>();
  for (const { type, payload } of records) if (type === 'task.started') started.add(payload.taskId);
  return started.size < 2 ? [] : [{ startedInOrder: [...started].slice(0, most.order) }];
}

const ends: ReadonlySet<string> = new Set(['task.completed', 'task.failed', 'task.cancelled']);

function endedInOrder(records: readonly HubRecord[]): Expectation[] {
  const messages = records.flatMap((record): RecordPattern[] =>
    ends.has(record.type)
      ? [{ type: record.type, payload: { taskId: (record.payload as { taskId: string }).taskId } }]
      : [],
  );
  return messages.length < 2 ? [] : [{ messages: messages.slice(0, most.order) as never }];
}

/** How each gate, or each consultation, ended; those with the same text and end once. */
function endings(
  records: readonly HubRecord[],
  kind: 'gate' | 'consultation',
  opener: 'gate.open' | 'consultation.request',
  text: 'reason' | 'question',
): Expectation[] {
  const opened = new Map<unknown, string>();
  const found = new Map<string, Expectation>();
  for (const { type, payload } of records) {
    const fields = payload as { readonly [field: string]: unknown };
    const id = fields[`${kind}Id`];
    if (type === opener) opened.set(id, String(fields[text]));
    const outcome = type.startsWith(`${kind}.`) ? type.slice(kind.length + 1) : '';
    const about = opened.get(id);
    if (about === undefined || !outcomes.has(outcome)) continue;
    const by = fields.by ?? fields.agentId;
    const ending = { [text]: about, outcome, ...(typeof by === 'string' && { by }) };
    found.set(JSON.stringify(ending), { [kind]: ending } as unknown as Expectation);
  }
  return [...found.values()].slice(0, most.talks);
}

const outcomes: ReadonlySet<string> = new Set([
  'approved',
  'rejected',
  'expired',
  'cancelled',
  'answered',
  'unavailable',
]);
