/** Where each file of the coordination folder is. The places are those of the task orchestrator's description. */
import type { FilePath } from './folder.ts';

export const places = {
  queue: ['task-queue.json'],
  events: ['dashboard-events.jsonl'],
  state: ['orchestrator', 'state', 'current.json'],
  log: ['orchestrator', 'log.jsonl'],
  lock: ['orchestrator', 'lock.json'],
  plans: ['orchestrator', 'tasks'],
  subtasks: ['orchestrator', 'subtasks'],
  reports: ['orchestrator', 'reports'],
  decisions: ['orchestrator', 'decisions'],
  workers: ['worker-specs', 'active'],
  masters: ['masters'],
} as const satisfies { readonly [name: string]: FilePath };

export const planPlace = (orchestrationId: string): FilePath => [...places.plans, `${orchestrationId}.json`];
export const subtaskPlace = (subtaskId: string): FilePath => [...places.subtasks, `${subtaskId}.json`];
export const reportPlace = (orchestrationId: string): FilePath => [...places.reports, `${orchestrationId}.md`];
export const decisionPlace = (gateId: string): FilePath => [...places.decisions, `${gateId}.json`];
export const workerPlace = (file: string): FilePath => [...places.workers, file];
export const handoffsPlace = (master: string): FilePath => [...places.masters, master, 'handoffs'];
export const handoffPlace = (master: string, subtaskId: string): FilePath => [
  ...handoffsPlace(master),
  `to-${master}-subtask-${subtaskId}.json`,
];
export const resultsPlace = (master: string): FilePath => [...places.masters, master, 'results'];
export const resultPlace = (master: string, subtaskId: string): FilePath => [
  ...resultsPlace(master),
  `${subtaskId}.json`,
];
/** Answers to attempts that were over: too late, or of the attempt before. */
export const setAsidePlace = (master: string, subtaskId: string, retries: number): FilePath => [
  ...resultsPlace(master),
  'set-aside',
  `${subtaskId}.${retries}.json`,
];
