import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type ContextFrom,
  createActor,
  type EventFromLogic,
  type InputFrom,
} from 'xstate';
import { statePath } from '../../src/machines/status.ts';

/** Where a chart stands after these events, and what it knows. */
export function after<M extends AnyStateMachine>(machine: M, input: InputFrom<M>, events: EventFromLogic<M>[]) {
  const actor = createActor(machine, { input } as never).start();
  const now = (): AnyMachineSnapshot => actor.getSnapshot();
  const paths = [statePath(now().value)];
  for (const event of events) {
    if (now().status !== 'active') break;
    actor.send(event);
    paths.push(statePath(now().value));
  }
  const snapshot = now();
  return { path: paths.at(-1), paths, context: snapshot.context as ContextFrom<M>, status: snapshot.status, snapshot };
}
