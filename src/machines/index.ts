/** xstate-hub/machines: the charts and the protocol, for tools and tests. */

export { type AgentContext, type AgentEvent, type AgentInput, agentMachine } from './agent.ts';
export { machines } from './all.ts';
export {
  type ConsultationContext,
  type ConsultationEvent,
  type ConsultationInput,
  consultationMachine,
} from './consultation.ts';
export { type ChartDescription, type ChartState, type ChartTransition, toJson } from './description.ts';
export { type GateContext, type GateEvent, type GateInput, gateMachine } from './gate.ts';
export { type HubEvent, hubMachine } from './hub.ts';
export { admitJson, canonicalJson, maxJsonBytes, maxJsonDepth } from './json.ts';
export { toMermaid } from './mermaid.ts';
export { idPattern, messageSchema, payloadSchemas, recordSchema } from './messages.ts';
export {
  type OrchestrationContext,
  type OrchestrationEvent,
  type OrchestrationInput,
  orchestrationMachine,
} from './orchestration.ts';
export {
  type ComplexRequest,
  complexRequestSchema,
  type Plan,
  planSchema,
  type Subtask,
  subtaskSchema,
} from './plan.ts';
export { recordText } from './record-text.ts';
export { agentStatus, statePath, taskStatus } from './status.ts';
export { type TaskContext, type TaskEvent, type TaskInput, taskMachine } from './task.ts';
