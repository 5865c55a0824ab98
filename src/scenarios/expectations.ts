/** Says of each expectation whether it holds, in a sentence that a person can read. */
import { formatDuration } from '../actors/duration.ts';
import type { Picture } from '../hub/picture.ts';
import { canonicalJson } from '../machines/json.ts';
import type { HubRecord } from '../machines/messages.ts';
import { firstMissing, patternName, type RecordPattern } from './record-pattern.ts';
import type { Expectation } from './schema.ts';

export interface Check {
  readonly ok: boolean;
  readonly text: string;
}

export interface Evidence {
  readonly picture: Picture;
  readonly records: readonly HubRecord[];
  /** The state paths that each actor was in; actors are called `task:t1`, `agent:qa-1`. */
  readonly visited: ReadonlyMap<string, ReadonlySet<string>>;
  /** When the run began, in ms since the epoch. */
  readonly start: number;
  /** Whether the hub was killed on the way: then what was at work was done again, and asked and said again. */
  readonly isResumed?: boolean;
}

export const checkExpectations = (expectations: readonly Expectation[], evidence: Evidence): Check[] =>
  expectations.map((expectation) => check(expectation, evidence));

function check(expectation: Expectation, evidence: Evidence): Check {
  const { picture, records, visited, start } = evidence;
  if ('task' in expectation) return checkTask(expectation.task, evidence);
  if ('reached' in expectation) {
    const { actor, state } = expectation.reached;
    return say(wasIn(visited, actor, state), `${actor} was in ${state}`, `was in ${list(visited.get(actor))}`);
  }
  if ('neverReached' in expectation) {
    const { actor, state } = expectation.neverReached;
    return say(!wasIn(visited, actor, state), `${actor} was never in ${state}`, 'it was');
  }
  if ('messages' in expectation) return checkMessages(expectation.messages, evidence);
  if ('startedInOrder' in expectation) {
    const wanted = expectation.startedInOrder;
    const started = records.flatMap((record) => (record.type === 'task.started' ? [record.payload.taskId] : []));
    const order = started.filter((id, place) => wanted.includes(id) && started.indexOf(id) === place);
    return say(
      order.join() === wanted.join(),
      `started in order: ${wanted.join(', ')}`,
      `the order was ${order.join(', ')}`,
    );
  }
  if ('gate' in expectation) return checkEnding('gate', expectation.gate.reason, expectation.gate, records);
  if ('consultation' in expectation) {
    return checkEnding('consultation', expectation.consultation.question, expectation.consultation, records);
  }
  if ('orchestration' in expectation) return checkOrchestration(expectation.orchestration, picture);
  if ('deadLetter' in expectation) {
    const { reason, to } = expectation.deadLetter;
    const letters = records.filter((record) => record.type === 'deadletter.added');
    const found = letters.some(({ payload }) => payload.reason === reason && (to === undefined || payload.to === to));
    return say(
      found,
      `a dead letter with ${reason}`,
      `there were ${list(letters.map(({ payload }) => payload.reason))}`,
    );
  }
  if ('count' in expectation) return checkCounts(expectation.count, evidence);
  if ('within' in expectation) {
    const took = (records.at(-1)?.at ?? start) - start;
    return say(
      took <= expectation.within,
      `within ${formatDuration(expectation.within)}`,
      `it took ${formatDuration(took)}`,
    );
  }
  if ('phase' in expectation) {
    const { phase } = picture.status.projectState;
    return say(phase === expectation.phase, `the project is in phase ${expectation.phase}`, `it is in ${phase}`);
  }
  const { state } = picture.status;
  return say(state === expectation.hub, `the hub is ${expectation.hub}`, `it is ${state}`);
}

const say = (ok: boolean, text: string, otherwise: string): Check => ({
  ok,
  text: ok ? text : `${text}: ${otherwise}`,
});
const list = (items: Iterable<string> | undefined): string => [...(items ?? [])].join(', ') || 'nothing';

/** @param actor a name, or the beginning of one and `*` for any of them */
function wasIn(visited: Evidence['visited'], actor: string, state: string): boolean {
  for (const [name, paths] of visited) {
    if (actor.endsWith('*') ? !name.startsWith(actor.slice(0, -1)) : name !== actor) continue;
    for (const path of paths) if (path === state || path.startsWith(`${state}.`)) return true;
  }
  return false;
}

function checkTask(wanted: Extract<Expectation, { task: unknown }>['task'], { picture, isResumed }: Evidence): Check {
  const task = picture.tasks.find(({ id }) => id === wanted.id);
  if (task === undefined) return { ok: false, text: `task ${wanted.id}: was never submitted` };
  const found = {
    status: task.status,
    agent: task.agentId,
    attempts: task.attempts,
    error: task.error?.code ?? null,
    result: task.result,
  };
  const facts = Object.entries(wanted).filter(([key]) => key !== 'id') as [keyof typeof found, unknown][];
  const isSo = ([key, value]: (typeof facts)[number]) =>
    canonicalJson(found[key]) === canonicalJson(value) ||
    (isResumed && key === 'attempts' && Number(found.attempts) > Number(value));
  const wrong = facts.filter((fact) => !isSo(fact));
  return say(
    wrong.length === 0,
    `task ${wanted.id}: ${facts.map(([key, value]) => `${key} ${show(value)}`).join(', ')}`,
    wrong.map(([key]) => `${key} is ${show(found[key])}`).join(', '),
  );
}

function checkOrchestration(
  wanted: Extract<Expectation, { orchestration: unknown }>['orchestration'],
  picture: Picture,
): Check {
  const report = picture.orchestrations.find(({ orchestrationId }) => orchestrationId === wanted.id);
  if (report === undefined) return { ok: false, text: `orchestration ${wanted.id}: was never requested` };
  const { id: _id, ...facts } = wanted;
  const found = {
    status: report.status,
    stages: report.stages.map(({ subtasks }) => subtasks),
    subtasks: Object.fromEntries(
      report.subtasks.filter(({ id }) => wanted.subtasks?.[id] !== undefined).map(({ id, status }) => [id, status]),
    ),
  };
  const wrong = (Object.keys(facts) as (keyof typeof found)[]).filter(
    (key) => canonicalJson(found[key]) !== canonicalJson(facts[key]),
  );
  return say(
    wrong.length === 0,
    `orchestration ${wanted.id}: ${Object.keys(facts)
      .map((key) => `${key} ${show(facts[key as keyof typeof facts])}`)
      .join(', ')}`,
    wrong.map((key) => `${key} is ${show(found[key])}`).join(', '),
  );
}

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Work that is done again may end in another order. */
function checkMessages(patterns: readonly RecordPattern[], { records, isResumed }: Evidence): Check {
  const missing = isResumed
    ? patterns.findIndex((pattern) => firstMissing([pattern], records) !== undefined)
    : (firstMissing(patterns, records) ?? -1);
  const names = patterns.map(patternName);
  return say(
    missing === -1,
    `${isResumed ? 'all of' : 'in order'}: ${names.join(', ')}`,
    `${names[missing]} (number ${missing + 1}) did not come`,
  );
}

const openers = {
  gate: { type: 'gate.open', text: 'reason', id: 'gateId' },
  consultation: { type: 'consultation.request', text: 'question', id: 'consultationId' },
} as const;
const endings = new Set([
  ...['approved', 'rejected', 'expired', 'cancelled'].map((end) => `gate.${end}`),
  ...['answered', 'unavailable', 'expired', 'cancelled'].map((end) => `consultation.${end}`),
]);

/** How the gates or consultations with this text ended. */
function checkEnding(
  kind: keyof typeof openers,
  text: string,
  wanted: { readonly outcome: string; readonly by?: string | undefined },
  records: readonly HubRecord[],
): Check {
  const opener = openers[kind];
  const opened = new Set<unknown>();
  const found: string[] = [];
  for (const { type, payload } of records) {
    const fields = payload as { readonly [key: string]: unknown };
    if (type === opener.type && String(fields[opener.text]).includes(text)) opened.add(fields[opener.id]);
    if (!endings.has(type) || !opened.has(fields[opener.id])) continue;
    const by = fields.by ?? fields.agentId;
    const outcome = type.slice(kind.length + 1);
    found.push(wanted.by !== undefined && typeof by === 'string' ? `${outcome} by ${by}` : outcome);
  }
  const ending = wanted.by === undefined ? wanted.outcome : `${wanted.outcome} by ${wanted.by}`;
  return say(found.includes(ending), `${kind} "${text}" ${ending}`, `it was ${list(found)}`);
}

/** What work that is done again brings forth again. */
const mayRepeat: ReadonlySet<string> = new Set(['consultations', 'gates', 'messages', 'deadLetters']);

/** What `count` is about, as it is. */
export function countsOf({ status, deadLetters }: Picture) {
  const { completed, failed, cancelled, submitted, consultations, gates, messages } = status.projectState.counters;
  const unfinished = submitted - completed - failed - cancelled;
  return { completed, failed, cancelled, unfinished, consultations, gates, messages, deadLetters: deadLetters.length };
}

function checkCounts(
  wanted: Extract<Expectation, { count: unknown }>['count'],
  { picture, isResumed }: Evidence,
): Check {
  const found = countsOf(picture);
  const facts = Object.entries(wanted) as [keyof typeof found, number][];
  const isSo = ([key, value]: (typeof facts)[number]) =>
    found[key] === value || (isResumed && mayRepeat.has(key) && found[key] > value);
  const wrong = facts.filter((fact) => !isSo(fact));
  return say(
    wrong.length === 0,
    facts.map(([key, value]) => `${value} ${key}`).join(', '),
    wrong.map(([key]) => `${found[key]} ${key}`).join(', '),
  );
}
