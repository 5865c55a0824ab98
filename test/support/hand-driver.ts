import type { AgentContext, AssignedTask } from '../../src/actors/driver.ts';

interface Call {
  readonly task: AssignedTask;
  readonly context: AgentContext;
  finish(result?: unknown): void;
  fail(error: unknown): void;
}

/** A driver that does nothing until the test says so. */
export function handDriver() {
  const calls: Call[] = [];
  return {
    /** One a call of the driver, oldest first. */
    calls,
    /** The latest call. */
    get last(): Call {
      const call = calls.at(-1);
      if (call === undefined) throw new Error('the driver was not called');
      return call;
    },
    run: (task: AssignedTask, context: AgentContext): Promise<unknown> =>
      new Promise((finish, fail) => {
        calls.push({ task, context, finish, fail });
      }),
  };
}
