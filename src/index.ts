/** xstate-hub: the door for embedders. */

export type { Calendar } from './actors/calendar.ts';
// What a driver gets, and the forms in which it is given.
export type { AgentLogic, Answer, Run } from './actors/create-driver.ts';
export {
  type AgentContext,
  AgentCrash,
  type AnswerContext,
  type AssignedTask,
  type ConsultationOutcome,
  type ConsultOptions,
  Decline,
  type EscalateOptions,
  type GateHandle,
  type GateOutcome,
  type Inbox,
  type InboxMessage,
  NonRetryableError,
  type OutgoingMessage,
  type Question,
  type SendOutcome,
} from './actors/driver.ts';
// The world around the hub.
export { type Environment, realEnvironment } from './actors/environment.ts';
export { exportLog } from './actors/export-log.ts';
export { type ReadLogOptions, readLog, readRecord } from './actors/import-log.ts';
export type { Script } from './actors/script.ts';
export { memoryStore, type Store, StoreConflict } from './actors/store.ts';
export type { AgentDefinition, AgentQuery } from './hub/agent-commands.ts';
// The hub.
export { createHub, type HubOptions } from './hub/create-hub.ts';
export { type DashboardEvent, dashboardEvent } from './hub/dashboard.ts';
export { describeRecord, type RecordDescription } from './hub/describe-record.ts';
export type { Explanation } from './hub/explanation.ts';
export type { GateDecision } from './hub/gate-commands.ts';
export type { ComponentHealth, Health, HealthState } from './hub/health.ts';
export type { Hub } from './hub/hub.ts';
export type { EventName } from './hub/hub-commands.ts';
export type { OrchestrationHandle, OrchestrationInput } from './hub/orchestration-commands.ts';
export type { OrchestrationOutcome } from './hub/orchestration-outcome.ts';
export { type OrchestrationReport, reportMarkdown } from './hub/orchestration-report.ts';
export type { OrchestrationsView, OrchestrationView } from './hub/orchestration-views.ts';
export type { Performance } from './hub/performance.ts';
// The past.
export {
  type ActorChange,
  type Fold,
  type FoldCheckpoint,
  type FoldOptions,
  foldLog,
  openFold,
  type Picture,
} from './hub/picture.ts';
export type { Planner, PlannerContext, RevisionContext } from './hub/planner.ts';
export {
  type BanditOptions,
  byHand,
  byScore,
  type Candidate,
  type Choice,
  capabilityMatch,
  epsilonGreedy,
  leastLoaded,
  longestFree,
  type Router,
  ucb1,
} from './hub/routing.ts';
export { rulePlanner } from './hub/rule-planner.ts';
export type { ScheduleInput } from './hub/schedule-commands.ts';
export { sequenceOf } from './hub/sequence.ts';
export type { TaskHandle } from './hub/task-commands.ts';
export type { TaskInput } from './hub/task-input.ts';
export type { TaskOutcome } from './hub/task-outcome.ts';
export { type Trace, type TraceEvent, traceOf } from './hub/trace.ts';
export type { ValidationResult, Validator } from './hub/validator.ts';
export type {
  AgentView,
  ConsultationView,
  GateView,
  HubStatus,
  ProjectView,
  ScheduleView,
  TaskView,
} from './hub/views.ts';
export { type ActorStep, explainRecord, type RecordExplanation, type TriedTransition } from './hub/why.ts';

export { workingSpecValidator } from './hub/working-spec.ts';
// What options and answers are made of.
export type { HubConfigInput } from './machines/config.ts';
// The log.
export { HubError, type HubErrorCode, type SpecFault } from './machines/errors.ts';
export { logHash } from './machines/hash.ts';
export type { Json } from './machines/json.ts';
export type { Failure, HubRecord, MessageType, RecordOf, Requirements, Routing } from './machines/messages.ts';
export type { ComplexRequest, Plan, PlanInput, Subtask } from './machines/plan.ts';
