/** xstate-hub/inspection: the hub for tools that are made for XState: `@xstate/inspect` (v4) and `@statelyai/inspect` (v5). */

export { statelySource } from './inspection/stately-source.ts';
export { type Viewer, xstate4Source } from './inspection/xstate4-source.ts';
