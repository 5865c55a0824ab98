/**
 * The oracle: judges a log, what clients heard and what was done in the world by the invariants of the reliability
 * table. It is pure, and shares nothing with the hub but the shapes of the records.
 *
 * - Oc1 each violation names its invariant, the records that it is about, and why.
 */
import type { HubRecord } from '../machines/messages.ts';
import type { CheckOptions, Evidence, FinalRule, RecordRule, Say, TurnRule } from './evidence.ts';
import type { Effect, HistoryEvent } from './history.ts';
import { newModel } from './model.ts';
import * as clients from './rules/client-rules.ts';
import * as done from './rules/effect-rules.ts';
import * as logs from './rules/log-rules.ts';
import * as talk from './rules/talk-rules.ts';
import * as tasks from './rules/task-rules.ts';
import * as time from './rules/time-rules.ts';
import * as work from './rules/work-rules.ts';
import { take } from './take.ts';
import type { Violation } from './violation.ts';

const recordRules: readonly RecordRule[] = [
  logs.isGapless,
  logs.isFromSomewhere,
  logs.findsRoom,
  tasks.hasOneOutcome,
  tasks.isNewTask,
  tasks.hasOwnKey,
  tasks.isNextAttempt,
  tasks.keepsNothing,
  tasks.isContained,
  tasks.isFenced,
  tasks.closesWhatIsOpen,
  work.isGivenToTheFree,
  work.isAskedOfTheFree,
  work.keepsToLimits,
  work.isFirstInLine,
  work.questionsGoFirst,
  talk.isDecidedOnce,
  talk.isOpenGate,
  talk.isHeard,
  talk.endsOnce,
  talk.isAnsweredByTheAsked,
  talk.arrives,
  talk.isLeftBehind,
  time.isDueNow,
];

const turnRules: readonly TurnRule[] = [
  logs.isBounded,
  tasks.lostHaveNothing,
  talk.nothingIsNestedInNothing,
  work.nobodyIdlesBesideWork,
];

const clientRules: readonly FinalRule[] = [
  clients.acknowledgedIsDurable,
  clients.nothingWasSubmittedByNobody,
  clients.keysAnswerAlike,
  clients.decidedOnce,
  clients.sentIsLogged,
  clients.failedAcknowledgesNothing,
];

const effectRules: readonly FinalRule[] = [
  done.isCalledOncePerLease,
  done.isAskedOncePerLease,
  done.isReadInOrder,
  done.isHeardInOrder,
  done.hasOneWriter,
  done.failedIsStill,
  done.isSettledAsLogged,
];

/** These need both. */
const worldRules: readonly FinalRule[] = [clients.nothingWasSaidByNobody, clients.outcomesAreTold];

/** Most violations that are told: when much is wrong, the first few say it. */
const mostTold = 20;

/**
 * What does not hold; nothing when all is well.
 *
 * @param clientHistory what all clients asked and heard; without it, what they were told is not judged
 * @param effects all that was done in the world; without it, that is not judged
 */
export function check(
  log: readonly HubRecord[],
  clientHistory?: readonly HistoryEvent[],
  effects?: readonly Effect[],
  options: CheckOptions = {},
): Violation[] {
  const violations: Violation[] = [];
  const say: Say = (invariant, why, ...records) => {
    if (violations.length >= mostTold) return;
    const about = records.map(({ seq, type }) => `record ${seq} (${type})`).join(', ');
    violations.push({ invariant, why: about === '' ? why : `${about}: ${why}`, seqs: records.map(({ seq }) => seq) });
  };
  const model = newModel();
  const evidence: Evidence = {
    log,
    history: clientHistory ?? [],
    effects: effects ?? [],
    model,
    children: childrenOf(log),
    ...options,
  };
  const endTurn = (now: number) => {
    for (const rule of turnRules) rule(model, say, evidence);
    time.nothingWasMissed(model, say, evidence, now);
  };
  for (const record of log) {
    if (!record.id.includes('.') && model.seq > 0)
      endTurn(record.type === 'deadline.passed' || record.type === 'hub.started' ? 0 : record.at);
    for (const rule of recordRules) rule(model, record, evidence, say);
    take(model, record);
  }
  if (log.length > 0) endTurn(0);
  const finalRules = [
    tasks.isDrained,
    ...(clientHistory === undefined ? [] : clientRules),
    ...(effects === undefined ? [] : effectRules),
    ...(clientHistory === undefined || effects === undefined ? [] : worldRules),
  ];
  for (const rule of finalRules) rule(evidence, say);
  return violations;
}

function childrenOf(log: readonly HubRecord[]): Map<string, HubRecord[]> {
  const children = new Map<string, HubRecord[]>();
  for (const record of log) {
    if (record.causationId === null) continue;
    const known = children.get(record.causationId);
    if (known === undefined) children.set(record.causationId, [record]);
    else known.push(record);
  }
  return children;
}
