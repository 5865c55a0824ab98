/**
 * What the page and its worker say to each other.
 *
 * - W1 one worker holds one run; what the page knows of it are records, what each changed, and answers to questions.
 * - W2 records come in order, without gaps; `changes[i]` is what `records[i]` changed.
 */
import type {
  ActorChange,
  AgentView,
  Explanation,
  HubRecord,
  Json,
  OrchestrationReport,
  Picture,
  TaskView,
} from 'xstate-hub';
import type { ChartDescription } from 'xstate-hub/machines';
import type { ScenarioResult } from 'xstate-hub/testing';

/** Something that a person does to a hub: the name of one of its methods, and what that is called with. */
export interface Command {
  readonly name: string;
  readonly args: readonly Json[];
}

/** A command within a simulation, and after which record it was given: so the same run can be made again. */
export interface Intervention {
  readonly afterSeq: number;
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
  | { readonly kind: 'log'; readonly text: string; readonly file: string }
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
  open: { ask: { readonly origin: Origin }; answer: Opened };
  /** Goes on until the log has so many records, or nothing more happens. Answers when it stands still. */
  advance: { ask: { readonly untilSeq: number }; answer: Standing };
  halt: { ask: Record<never, never>; answer: Standing };
  command: { ask: { readonly command: Command }; answer: Json };
  breakpoints: { ask: { readonly breakpoints: readonly Breakpoint[] }; answer: null };
  /** The state after that record. */
  picture: { ask: { readonly seq: number }; answer: Picture };
  /** What the picture after that record says about one actor: `task:t1`; null when it says nothing. */
  actor: { ask: { readonly seq: number; readonly id: string }; answer: Json };
  /** The queue after that record. */
  queue: { ask: { readonly seq: number }; answer: QueuePicture };
  /** Who could take these tasks, and why nobody does; null when the hub has gone on, or is not in this page. */
  explain: {
    ask: { readonly seq: number; readonly taskIds: readonly string[] };
    answer: { readonly [taskId: string]: Explanation } | null;
  };
  /** The orchestrations after that record. */
  plans: { ask: { readonly seq: number }; answer: readonly OrchestrationReport[] };
  /** Every chart of the hub. */
  charts: { ask: Record<never, never>; answer: readonly ChartDescription[] };
  /** The log as JSON lines, up to that record. */
  export: { ask: { readonly seq: number }; answer: string };
}
export type QuestionName = keyof Questions;

/** The tasks that wait, in queue order, and everybody who could take one. */
export interface QueuePicture {
  readonly tasks: readonly TaskView[];
  readonly agents: readonly AgentView[];
  /** running, paused, draining… */
  readonly hub: string;
}

export interface Opened {
  readonly title: string;
  readonly description: string;
  readonly seed: number | null;
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
      readonly records: readonly HubRecord[];
      readonly changes: readonly (readonly ActorChange[])[];
    }
  | { readonly kind: 'over'; readonly result: ScenarioResult | null }
  /** To a live hub: whether the line stands. */
  | { readonly kind: 'line'; readonly state: 'connected' | 'lost'; readonly detail: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly trouble: Trouble };
