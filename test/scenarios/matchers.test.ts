import { expect, test } from 'vitest';
import { type HubMatchers, hubMatchers, simulate } from '../../src/testing.ts';

declare module 'vitest' {
  interface Matchers<T> extends HubMatchers<T> {}
}
expect.extend(hubMatchers);

async function consulting() {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev-1', type: 'dev', run: [{ consult: { type: 'law', question: 'May we?' } }] });
  hub.register({ id: 'law-1', type: 'law', run: [], answer: [{ work: '5m' }, { return: 'yes' }] });
  const task = hub.submit({ id: 't1', type: 'write', requirements: { agentType: 'dev' } });
  await simulation.until(() => hub.consultations().length > 0);
  return { simulation, hub, task };
}

test('toBeIn reads handles, actors and views, and takes an outer state', async () => {
  const { hub, task } = await consulting();

  expect(task).toBeIn('running.consulting');
  expect(task.actor).toBeIn('running');
  expect(hub.agent('law-1')).toBeIn('active.answering');
  expect(hub.actor).toBeIn('running');
  expect(task).not.toBeIn('run');
  expect(() => expect(task).toBeIn('queued')).toThrow('it is running.consulting');
  expect(() => expect(hub.task('t2')).toBeIn('queued')).toThrow('it is nothing');
});

test('toHaveRecords wants them in order and says which is missing', async () => {
  const { simulation } = await consulting();

  expect(simulation).toHaveRecords(['task.submit', { type: 'consultation.asked', to: 'law-1' }]);
  expect(simulation.records()).not.toHaveRecords(['consultation.asked', 'task.submit']);
  expect(() => expect(simulation).toHaveRecords(['task.submit', 'task.failed'])).toThrow(
    'task.failed (number 2) did not come',
  );
});

test('toEqualItsFold compares the state with the log', async () => {
  const { simulation } = await consulting();

  expect(simulation).toEqualItsFold();
  expect(() => expect({ ...simulation, records: () => simulation.records().slice(0, -1) }).toEqualItsFold()).toThrow(
    'the fold of the log',
  );
});
