import type { ComplexRequest, Plan, Subtask } from '../../src/machines/plan.ts';

/** A subtask without a fault; tests change one thing in it. */
export const subtask = (id: string, change: Partial<Subtask> = {}): Subtask => ({
  id,
  title: `Implement ${id}`,
  description: '',
  owner: 'development',
  workerType: null,
  capabilities: [],
  dependencies: [],
  minutes: { min: 10, max: 15 },
  tokens: 5000,
  files: [],
  successCriteria: `The tests of ${id} pass`,
  ...change,
});

export const plan = (...subtasks: readonly Subtask[]): Plan => ({
  title: 'A plan',
  description: '',
  subtasks: [...subtasks],
});

/** a → b → … : each depends on the one before. */
export const chain = (...ids: readonly string[]): Plan =>
  plan(...ids.map((id, index) => subtask(id, { dependencies: ids.slice(Math.max(0, index - 1), index) })));

export const request = (title: string, more: Partial<ComplexRequest> = {}): ComplexRequest => ({
  title,
  description: '',
  ...more,
});

/** The example of the task orchestrator's description. */
export const authRequest = request('Add authentication system with security audit and documentation');
