/** What a person does to the hub of a run; on a live hub under their name. */
import type { Json } from 'xstate-hub';
import type { Run } from './run.ts';

/** Rejects with a refusal when the hub, or the moment, forbids it. */
export function act(run: Run, person: string, name: string, ...args: readonly Json[]): Promise<Json> {
  const isLive = run.origin.kind === 'hub';
  return run.command({ name, args, ...(isLive && person !== '' && { as: person }) });
}
