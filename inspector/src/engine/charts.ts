/** Every chart of the hub, as plain data. */
import {
  agentMachine,
  type ChartDescription,
  consultationMachine,
  gateMachine,
  hubMachine,
  orchestrationMachine,
  taskMachine,
  toJson,
} from 'xstate-hub/machines';

export const charts: readonly ChartDescription[] = [
  taskMachine,
  agentMachine,
  consultationMachine,
  gateMachine,
  orchestrationMachine,
  hubMachine,
].map(toJson);
