import { expect, test } from 'vitest';
import { Plans } from '../../inspector/src/model/plans.ts';
import { standing } from '../../inspector/src/views/plan/status.ts';
import { foldLog } from '../../src/index.ts';
import { recordedRun, recordsOf, scenarioText } from './support/recorded-run.ts';

test('when an orchestration has failed, nothing of it waits or is open', async () => {
  const records = await recordsOf(scenarioText('three-failures'));
  const run = recordedRun(records);
  const plans = new Plans(run);
  const whole = foldLog(records).orchestrations.find(({ title }) => title === 'Sell it');
  if (whole === undefined) throw new Error('there is no orchestration');
  expect(whole.status).toBe('failed');
  const stand = Object.fromEntries(
    whole.subtasks.map((one) => [
      one.title,
      standing(run, whole, one, plans.taskOf(whole.orchestrationId, one.id, run.position)),
    ]),
  );
  expect(stand).toMatchObject({
    'Charge the card': { tone: 'trouble', words: 'rejected' },
    Ship: { tone: 'idle', words: 'not started' },
  });
  const open = { status: 'running', gates: [] };
  expect(standing(run, open, { id: 'x', status: 'blocked' }, null)).toEqual({ tone: 'human', words: 'blocked' });
  expect(standing(run, whole, { id: 'x', status: 'running' }, null)).toEqual({ tone: 'idle', words: 'called off' });
});
