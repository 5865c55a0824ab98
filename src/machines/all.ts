/** Every chart of a hub, by the kind of actor that lives by it. */
import { agentMachine } from './agent.ts';
import { consultationMachine } from './consultation.ts';
import { gateMachine } from './gate.ts';
import { hubMachine } from './hub.ts';
import { orchestrationMachine } from './orchestration.ts';
import { taskMachine } from './task.ts';

export const machines = {
  hub: hubMachine,
  task: taskMachine,
  agent: agentMachine,
  consultation: consultationMachine,
  gate: gateMachine,
  orchestration: orchestrationMachine,
};
