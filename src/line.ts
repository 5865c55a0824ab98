/** xstate-hub/line: a line to a hub in another process, for tools and pages. */

export { type OperatorCommand, obey } from './line/commands.ts';
export { type HubLine, type HubLineOptions, hubLine, type LineState } from './line/hub-line.ts';
export { type Attached, closeCodes, lineVersion } from './line/protocol.ts';
