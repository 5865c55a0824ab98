/** xstate-hub/machines: the charts and the protocol, for tools and tests. */

export { agentMachine } from './agent.ts';
export { consultationMachine } from './consultation.ts';
export { type ChartDescription, type ChartState, type ChartTransition, toJson } from './description.ts';
export { gateMachine } from './gate.ts';
export { hubMachine } from './hub.ts';
export { admitJson, canonicalJson, maxJsonBytes, maxJsonDepth } from './json.ts';
export { toMermaid } from './mermaid.ts';
export { idPattern, messageSchema, payloadSchemas, recordSchema } from './messages.ts';
export { agentStatus, statePath, taskStatus } from './status.ts';
export { taskMachine } from './task.ts';
