/** Records by what they are about, so that a person can look at some of them only. */
import type { HubRecord } from 'xstate-hub';

export interface Family {
  readonly name: string;
  /** Shown until somebody hides it. */
  readonly isShown: boolean;
}

export const families: readonly Family[] = [
  { name: 'Work', isShown: true },
  { name: 'Messages', isShown: true },
  { name: 'Questions', isShown: true },
  { name: 'Gates', isShown: true },
  { name: 'Plans', isShown: true },
  { name: 'Hub', isShown: true },
  { name: 'Signs of life', isShown: false },
];

const byPrefix: Readonly<Record<string, string>> = {
  task: 'Work',
  message: 'Messages',
  deadletter: 'Messages',
  consultation: 'Questions',
  gate: 'Gates',
  orchestration: 'Plans',
};

const signs: ReadonlySet<HubRecord['type']> = new Set(['agent.heartbeat', 'message.acknowledge', 'deadline.passed']);

export function familyOf(type: HubRecord['type']): string {
  if (signs.has(type)) return 'Signs of life';
  return byPrefix[type.slice(0, type.indexOf('.'))] ?? 'Hub';
}
