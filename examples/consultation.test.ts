import { expect, test } from 'vitest';
import { type HubMatchers, hubMatchers, simulate } from 'xstate-hub/testing';

declare module 'vitest' {
  interface Matchers<T> extends HubMatchers<T> {}
}
expect.extend(hubMatchers);

test('a writer waits for the lawyer, and gives up after two hours', async () => {
  const simulation = await simulate({ seed: 7 });
  const { hub } = simulation;
  hub.register({ id: 'lawyer-1', type: 'lawyer', answer: [{ work: '3h' }, { return: 'yes' }] }); // takes no tasks
  hub.register({
    id: 'writer-1',
    type: 'writer',
    run: (_task, context) => context.consult('lawyer', 'May we?', null, { timeoutMs: 7_200_000 }),
  });
  const task = hub.submit({ type: 'essay', requirements: { agentType: 'writer' } });

  await simulation.until(() => hub.consultations().length > 0);
  expect(task).toBeIn('running.consulting');
  expect(hub.agent('writer-1')).toBeIn('active.waiting');

  await simulation.run(); // two hours pass in no time
  expect(await task.result).toMatchObject({ status: 'completed', result: { status: 'expired' } });
  expect(simulation).toHaveRecords(['consultation.asked', 'consultation.expired', 'task.completed']);
  expect(simulation).toEqualItsFold();
});
