/** A hub in simulated time: how far it lets time pass, and what it says when that leads nowhere. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/scenarios/simulation.ts';
import { rejection } from '../support/refusals.ts';

test('options that are not known are refused, with those of a simulation', async () => {
  expect(await rejection(simulate({ sed: 7 } as never))).toMatchObject({
    code: 'invalid',
    path: 'sed',
    message: 'sed: is not known here; did you mean seed?',
    expected: expect.stringMatching(/^one of (?!.*environment).*project.*seed, startAt, pace$/),
  });
  expect(await rejection(simulate({ environment: {} } as never))).toMatchObject({ path: 'environment' });
});

test.each([
  ['often', 1000, '200000 records'],
  ['seldom', 86_400_000 * 365, '10 years'],
])('a schedule that is due %s keeps run() from coming to an end: it says so', async (_what, everyMs, bound) => {
  const { hub, run } = await simulate();
  hub.schedule({ id: 'nightly', everyMs, task: { type: 'x' } });
  const { code, message } = await rejection(run());
  expect(code).toBe('conflict');
  expect(message).toContain(`something is left to happen after ${bound}`);
  expect(message).toContain('advance(ms) or until(fact)');
});

test('until() names what still stands open when nothing is left to happen', async () => {
  const { hub, until } = await simulate();
  hub.register({ id: 'dev', type: 'dev', run: () => new Promise(() => {}) });
  hub.register({ id: 'lawyer', type: 'lawyer', run: [], answer: [{ stall: true }] });
  hub.register({ id: 'ops', type: 'ops', run: (_task, { escalate }) => escalate('ship it?').outcome });
  hub.register({
    id: 'clerk',
    type: 'clerk',
    run: (_task, { consult }) => consult('lawyer', 'may we?'),
  });
  for (const agentType of ['dev', 'ops', 'clerk', 'nobody']) {
    hub.submit({ id: `of-${agentType}`, type: 'x', requirements: { agentType } });
  }
  const { code, message } = await rejection(until(() => false));
  expect(code).toBe('conflict');
  expect(message.split('\n')).toEqual([
    'nothing is left to happen, and it is still not so; what stands open:',
    '- task of-dev is running with dev (running.working)',
    '- task of-ops is running with ops (running.awaitingHuman)',
    '- task of-clerk is running with clerk (running.consulting)',
    '- task of-nobody is queued',
    '- gate "ship it?" of of-ops waits for a decision',
    '- question "may we?" from clerk to lawyer is asked',
    'What waits outside of simulated time (setTimeout, a network) is not waited for: a driver sleeps with its own sleep(ms).',
  ]);
});

test('until() on a hub that has nothing to do says that nothing stands open', async () => {
  const { until } = await simulate();
  expect((await rejection(until(() => false))).message).toBe(
    'nothing is left to happen, and it is still not so; nothing stands open',
  );
});
