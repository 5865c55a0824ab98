/** What a person may do to a hub from the page: these of its methods and no others. */
import { type Hub, HubError, type Json } from 'xstate-hub';
import type { Command } from './protocol.ts';

const allowed = {
  decideGate: true,
  send: true,
  pauseAgent: true,
  resumeAgent: true,
  reportLost: true,
  cancel: true,
  prioritise: true,
  assign: true,
  pause: true,
  resume: true,
  updateProject: true,
  pauseOrchestration: true,
  resumeOrchestration: true,
  cancelOrchestration: true,
  acceptLateResult: true,
  replayDeadLetter: true,
  purgeDeadLetters: true,
} as const satisfies { readonly [name in keyof Hub]?: true };

/** Gives a command to a hub. Throws a {@link HubError} when the hub refuses it. */
export async function obey(hub: Hub, { name, args }: Command): Promise<Json> {
  if (!Object.hasOwn(allowed, name)) throw new HubError('invalid', `${name} is not a command of the page`);
  const method = hub[name as keyof typeof allowed] as (...args: readonly Json[]) => unknown;
  return ((await method(...args)) ?? null) as Json;
}
