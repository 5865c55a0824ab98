/** xstate-hub/tracking: how well the work goes, from the log. Needs the package `hdr-histogram-js`. */

export type { Performance, PerformanceOutcome } from './hub/performance.ts';
export type { EventKind, RoutingSummary, TrackedEvent } from './tracking/ledger.ts';
export type { TrackerOptions } from './tracking/options.ts';
export type { Percentiles, Report } from './tracking/report.ts';
export { createTracker, type ReportQuery, type Tracker, type TrackerSize } from './tracking/tracker.ts';
export type { WindowSpec } from './tracking/window.ts';
