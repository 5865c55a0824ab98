/** A small team with a little work, in real time: something to look at, and gates to decide. */
import type { AgentContext, AssignedTask } from '../actors/driver.ts';
import type { Hub } from '../hub/hub.ts';
import type { TaskInput } from '../hub/task-input.ts';

const tasks: readonly TaskInput[] = [
  {
    id: 'sign-in-api',
    type: 'implement',
    payload: { title: 'An API for signing in', consult: 'Are short-lived tokens enough here?' },
    requirements: { agentType: 'backend-developer' },
  },
  {
    id: 'sign-in-form',
    type: 'implement',
    payload: { title: 'A form for signing in' },
    requirements: { agentType: 'frontend-developer' },
  },
  {
    id: 'sign-in-tests',
    type: 'test',
    payload: { title: 'Tests of signing in' },
    requirements: { agentType: 'tester' },
  },
  {
    id: 'sign-in-deploy',
    type: 'deploy',
    payload: { title: 'Deploy signing in to production' },
    metadata: { priority: 'low' },
    requirements: { agentType: 'backend-developer' },
  },
];

/** Registers the team, and gives it its first work unless the hub knows of that already. @param second in ms */
export function employ(hub: Hub, second = 1000): void {
  const work = (task: AssignedTask, context: AgentContext) => doWork(task, context, second);
  hub.register({ id: 'backend-1', type: 'backend-developer', run: work });
  hub.register({ id: 'backend-2', type: 'backend-developer', run: work });
  hub.register({ id: 'frontend-1', type: 'frontend-developer', run: work });
  hub.register({ id: 'tester-1', type: 'tester', run: work });
  hub.register({
    id: 'security-1',
    type: 'security-expert',
    run: work,
    async answer(_question, context) {
      await context.sleep(4 * second);
      return 'Yes, with refresh tokens that can be revoked.';
    },
  });
  for (const task of tasks) if (hub.task(task.id ?? '') === undefined) hub.submit(task);
}

async function doWork(task: AssignedTask, context: AgentContext, second: number): Promise<unknown> {
  const { title = task.type, consult } = (task.payload ?? {}) as { readonly title?: string; readonly consult?: string };
  for (const [percent, note] of [
    [20, 'begun'],
    [60, 'half of it is there'],
  ] as const) {
    await context.sleep(2 * second);
    context.progress(percent, note);
  }
  if (consult !== undefined) await context.consult('security-expert', consult, { title });
  if (task.type === 'test' && task.attempt === 1) throw new Error('two tests are red; once more');
  if (task.type === 'deploy') {
    const about = { title, tests: 'green', changes: { files: 12, lines: 340 }, rollback: 'one command' };
    const ladder = [{ afterMs: 300 * second, action: 'remind' as const }];
    await context.escalate(`${title}?`, about, { ladder }).outcome;
  }
  await context.sleep(2 * second);
  return { done: title };
}
