/**
 * What the page and its worker say to each other.
 *
 * - W1 one worker holds one run; what the page knows of it are records, what each changed, and answers to questions.
 * - W2 records come in order, without gaps; what they change comes with them or behind them, in the same order.
 */
import type {
  AgentView,
  Explanation,
  Health,
  Json,
  OrchestrationReport,
  Picture,
  ProjectView,
  RecordExplanation,
  ScheduleView,
  TaskView,
} from 'xstate-hub';
import type { ChartDescription } from 'xstate-hub/machines';
import type { ScenarioResult } from 'xstate-hub/testing';
import type { ProjectChange } from './project-changes.ts';
import type { Figures, SeriesColumns } from './series.ts';

/** Something that a person does to a hub: the name of one of its methods, and what that is called with. */
export interface Command {
  readonly name: string;
  readonly args: readonly Json[];
  /** Who does it, on a live hub: it stands in the log as `client:name`. */
  readonly as?: string;
}

/** A command within a simulation, and after which record it was given: so the same run can be made again. */
export interface Intervention {
  readonly afterSeq: number;
  /** After how many steps of the simulation; steps need not leave a record. Default: as soon as the record is there. */
  readonly afterStep?: number;
  readonly command: Command;
}

/** Where a run comes from. */
export type Origin =
  | {
      readonly kind: 'simulation';
      /** The scenario file. */
      readonly text: string;
      /** What to call it in errors. */
      readonly file: string;
      /** Instead of the file's own. */
      readonly seed?: number;
      /** Whether the scenario's humans decide the gates; else the person at the page does. */
      readonly humans: boolean;
      readonly interventions: readonly Intervention[];
    }
  | { readonly kind: 'log'; readonly text: string | Blob; readonly file: string }
  | { readonly kind: 'hub'; readonly url: string; readonly token?: string };

/** Stops a simulation right behind the first record that it is true of. */
export interface Breakpoint {
  readonly id: string;
  readonly when:
    | { readonly actor: string; readonly state: string }
    | { readonly queueAbove: number }
    | { readonly recordType: string };
}

/** Questions, each with one answer. */
export interface Questions {
  /** @param keepAs what the browser calls the log that it keeps of it; without it, it keeps none */
  open: { ask: { readonly origin: Origin; readonly keepAs?: string }; answer: Opened };
  /** Goes on until the log has so many records, or nothing more happens. Answers when it stands still. */
  advance: { ask: { readonly untilSeq: number }; answer: Standing };
  halt: { ask: Record<never, never>; answer: Standing };
  command: { ask: { readonly command: Command }; answer: Obeyed };
  /** Whether a scenario file could run. */
  check: { ask: { readonly text: string; readonly file: string }; answer: Checked };
  breakpoints: { ask: { readonly breakpoints: readonly Breakpoint[] }; answer: null };
  /** What the picture after that record says about one actor: `task:t1`; null when it says nothing. */
  actor: { ask: { readonly seq: number; readonly id: string }; answer: Json };
  /** The queue after that record: as a whole, and from place `from` (from 0) on so many of its tasks. */
  queue: { ask: { readonly seq: number; readonly from: number; readonly count: number }; answer: QueuePicture };
  /** The orchestrations after that record. */
  plans: { ask: { readonly seq: number }; answer: readonly OrchestrationReport[] };
  /** Every chart of the hub. */
  charts: { ask: Record<never, never>; answer: readonly ChartDescription[] };
  /** Every type that a record can be of. */
  types: { ask: Record<never, never>; answer: readonly string[] };
  /** How the hub stood after that record, by its own judgement, and on what that rests. */
  health: { ask: AskHealth; answer: HealthPicture };
  /** What can be counted of the run so far, in so many columns of equal time. */
  series: { ask: { readonly columns: number; readonly head: number }; answer: SeriesColumns };
  /** What would not go on by itself after that record. */
  stuck: { ask: { readonly seq: number }; answer: readonly Stuck[] };
  /** What was known of the project after that record. */
  project: { ask: { readonly seq: number }; answer: ProjectPicture };
  /** What was changed in the project so far, in order; of very many the last ones. */
  projectChanges: { ask: { readonly head: number }; answer: readonly ProjectChange[] };
  /** What that record did and on what grounds; and why a task waits after it, if one is named. */
  why: { ask: { readonly seq: number; readonly taskId?: string }; answer: WhyAnswer };
  /** The run so far in a form for others. */
  exportAs: { ask: ExportAs; answer: Exported };
  /** How the browser keeps the log of this run; null when it does not. */
  kept: { ask: Record<never, never>; answer: Kept | null };
  /** What the browser has kept, as JSON lines. */
  keptLog: { ask: Record<never, never>; answer: string };
  /** The log as JSON lines, up to that record. */
  export: { ask: { readonly seq: number }; answer: string };
}
export type QuestionName = keyof Questions;

export interface QueuePicture {
  readonly total: number;
  /** How many tasks wait with which priority, in queue order. */
  readonly groups: readonly { readonly priority: number; readonly count: number }[];
  /** How long a task waits for one priority more, in ms; null when waiting changes nothing. */
  readonly agingMs: number | null;
  readonly from: number;
  readonly tasks: readonly QueuedTask[];
}

/** A task that waits, who could take it, and why nobody does. */
export interface QueuedTask {
  readonly task: TaskView;
  /** One sentence. */
  readonly why: string;
  /** The first few of those who could take it. */
  readonly able: Explanation['agents'];
  readonly ableCount: number;
  /** The first of those who could not. */
  readonly unable: Explanation['agents'];
  readonly unableCount: number;
}

export interface Stuck {
  readonly kind: 'deadlock' | 'starvation' | 'storm';
  /** For people. */
  readonly message: string;
  /** `task:t1`; the first of them. */
  readonly actors: readonly string[];
  /** How many more there are. */
  readonly more: number;
}

/** By what agents can be sorted. */
export type AgentFigure =
  | 'id'
  | 'state'
  | 'load'
  | 'completed'
  | 'failed'
  | 'success'
  | 'quality'
  | 'latency'
  | 'breaker';

/** Of the agents only those that can be seen are told. */
export interface AskHealth {
  readonly seq: number;
  readonly by: AgentFigure;
  readonly isDown: boolean;
  readonly first: number;
  readonly count: number;
}

export interface HealthPicture {
  readonly health: Health;
  readonly figures: Figures;
  readonly agents: readonly AgentView[];
  /** The place of the first of those among all. */
  readonly firstAgent: number;
  readonly agentCount: number;
  /** How many tasks agents have. */
  readonly working: number;
  readonly deadLetters: Picture['deadLetters'];
  readonly limits: readonly TypeLimit[];
}

/** How many tasks of a type may be at work, or start in a while, and how many are. */
interface TypeLimit {
  readonly type: string;
  readonly concurrency?: number | undefined;
  readonly rate?: { readonly count: number; readonly perMs: number } | undefined;
  readonly running: number;
  readonly waiting: number;
}

export interface ProjectPicture {
  readonly project: string;
  /** running, paused, draining… */
  readonly hub: string;
  readonly state: ProjectView;
  readonly schedules: readonly ScheduleView[];
}

export interface Kept {
  /** How many records are kept. */
  readonly seq: number;
  /** The first record that is not as it was kept; null when all are. */
  readonly strayedAt: number | null;
  /** Why no more is kept. */
  readonly trouble: string | null;
}

export interface ExportAs {
  /** A trace for Perfetto, the sequence or a chart in Mermaid, or a test. */
  readonly what: 'trace' | 'sequence' | 'chart' | 'test';
  /** Of the files, without what stands behind the dot. */
  readonly name: string;
  /** Which chart: `task`. */
  readonly chart?: string;
  /** What was done to the run. */
  readonly interventions: readonly Intervention[];
}

export interface Exported {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** What of the run is not in it, as sentences. */
  readonly missing: readonly string[];
}

export interface WhyAnswer extends RecordExplanation {
  /** Who there was to choose from, right before an assignment; null for any other record. */
  readonly grounds: Explanation | null;
  /** Null when no task was named, or it is not live. */
  readonly waits: Explanation | null;
}

/** What came of a command. */
export interface Obeyed {
  readonly answer: Json;
  /** Where in a simulation it was given; null where nothing is made again. */
  readonly intervention: Intervention | null;
}

export interface Checked {
  readonly trouble: (Trouble & { readonly line: number | null }) | null;
  /** Of the file, when there is no trouble. */
  readonly seed: number | null;
}

export interface Opened {
  readonly title: string;
  readonly description: string;
  readonly seed: number | null;
  /** What the server of a hub says: whose token it was, if it is one person's, and whether it is a log that was kept. */
  readonly hub?: { readonly person: string | null; readonly isRecorded: boolean };
}

/** How a simulation stands, and why. */
export interface Standing {
  readonly seq: number;
  readonly why: 'asked' | 'over' | 'breakpoint' | 'gate' | 'halted';
  /** The breakpoint that was reached. */
  readonly breakpointId?: string;
}

export type ToWorker = {
  [N in QuestionName]: { readonly id: number; readonly question: N; readonly ask: Questions[N]['ask'] };
}[QuestionName];

/** What went wrong, for people. */
export interface Trouble {
  readonly message: string;
  /** Where in the file. */
  readonly path?: string;
  readonly expected?: string;
}

export type FromWorker =
  | {
      readonly kind: 'records';
      /** New records as JSON, one a line. */
      readonly lines: string;
      /** `at` and `type` of each new record. */
      readonly at: Float64Array<ArrayBuffer>;
      readonly types: Uint32Array<ArrayBuffer>;
      /** How many changes each record made that is folded now, from the first that was not. */
      readonly counts: Uint32Array<ArrayBuffer>;
      /** Actor, state and event of each. */
      readonly changes: Uint32Array<ArrayBuffer>;
      /** What types, actors, states and events are called: number n is the nth name since the beginning. */
      readonly names: readonly string[];
    }
  /** A log that was being read turns out to be broken: it is shown up to there. */
  | { readonly kind: 'broken'; readonly trouble: Trouble }
  | { readonly kind: 'over'; readonly result: ScenarioResult | null }
  /** To a live hub: whether the line stands. */
  | { readonly kind: 'line'; readonly state: 'connected' | 'lost'; readonly detail: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly trouble: Trouble };
