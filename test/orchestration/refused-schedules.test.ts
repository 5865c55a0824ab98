import { expect, test } from 'vitest';
import { cronCalendar } from '../../src/cron.ts';
import type { ScheduleInput } from '../../src/index.ts';
import { simulate } from '../../src/testing.ts';
import { refusal } from '../support/refusals.ts';

const task = { type: 'check' };

test.each<[string, object, string]>([
  ['neither interval nor cron', {}, 'everyMs'],
  ['both', { everyMs: 1000, cron: '* * * * *' }, 'everyMs'],
  ['an interval of nothing', { everyMs: 0 }, 'everyMs'],
  ['half a ms', { everyMs: 1.5 }, 'everyMs'],
  ['a cron expression that is none', { cron: 'now and then' }, 'cron'],
  ['a 32nd day', { cron: '0 0 32 * *' }, 'cron'],
  ['a day that never comes', { cron: '0 0 30 2 *' }, 'cron'],
  ['a year that is over', { cron: '0 0 0 1 1 * 2020' }, 'cron'],
  ['a start after the last time', { cron: '0 0 0 1 1 * 2027', startAt: Date.UTC(2030) }, 'cron'],
  ['a time zone that there is not', { cron: '* * * * *', timezone: 'Europe/Atlantis' }, 'timezone'],
  ['an unknown way to overlap', { everyMs: 1000, overlap: 'both' }, 'overlap'],
  ['an unknown way to catch up', { everyMs: 1000, catchUp: 'all' }, 'catchUp'],
  ['an unknown key', { everyMs: 1000, every: 'day' }, 'every'],
  ['an id that is too long for those of its tasks', { id: 'x'.repeat(101), everyMs: 1000 }, 'id'],
  ['an id that is none', { id: 'every day', everyMs: 1000 }, 'scheduleId'],
  ['a task with an id', { everyMs: 1000, task: { ...task, id: 't1' } }, 'task.id'],
  ['a task with a key', { everyMs: 1000, task: { ...task, idempotencyKey: 'k' } }, 'task.idempotencyKey'],
  ['a task with a delay', { everyMs: 1000, task: { ...task, metadata: { delayMs: 5 } } }, 'task.metadata.delayMs'],
  [
    'a task that says what if nobody can',
    { everyMs: 1000, task: { ...task, metadata: { ifNoAgent: 'fail' } } },
    'task.metadata.ifNoAgent',
  ],
  ['a task without a type', { everyMs: 1000, task: {} }, 'task.type'],
])('a schedule with %s is refused, and nothing changes', async (_what, input, path) => {
  const simulation = await simulate({ calendar: cronCalendar() });
  const error = refusal(() => simulation.hub.schedule({ id: 's', task, ...input } as ScheduleInput));
  expect(error).toMatchObject({ code: 'invalid', path });
  expect(error.expected).toBeTruthy();
  await simulation.settle();
  expect(simulation.records()).toHaveLength(1);
  expect(simulation.hub.schedules()).toEqual([]);
});

test('what is wrong with a time zone, and with an expression, is said once', async () => {
  const { hub } = await simulate({ calendar: cronCalendar() });
  const said = (when: object) => refusal(() => hub.schedule({ id: 's', task, ...when } as ScheduleInput)).message;
  expect(said({ cron: '* * * * *', timezone: 'Europa/Berlin' })).toBe('timezone: there is no time zone Europa/Berlin');
  expect(said({ cron: '61 * * * *' })).toBe('cron: CronPattern: Invalid value for minute: 61');
});

test('an id that is taken is a duplicate', async () => {
  const { hub } = await simulate();
  hub.schedule({ id: 's', task, everyMs: 1000 });
  expect(refusal(() => hub.schedule({ id: 's', task, everyMs: 2000 })).code).toBe('duplicate');
  expect(hub.schedules()).toMatchObject([{ everyMs: 1000 }]);
});

test('an agent type that the hub does not have is refused, as for a task', async () => {
  const { hub } = await simulate({ agentTypes: ['dev'] });
  const asking = (agentType: string) => () =>
    hub.schedule({ id: 's', everyMs: 1000, task: { ...task, requirements: { agentType } } });
  expect(refusal(asking('qa'))).toMatchObject({ code: 'unknownAgentType', expected: 'dev' });
  expect(hub.schedules()).toEqual([]);
  expect(asking('dev')().id).toBe('s');
});

test('a hub without a calendar says what it lacks', async () => {
  const { hub } = await simulate();
  const error = refusal(() => hub.schedule({ id: 's', task, cron: '* * * * *' }));
  expect(error).toMatchObject({ code: 'invalid', path: 'cron' });
  expect(error.expected).toContain('xstate-hub/cron');
});

test.each(['pauseSchedule', 'resumeSchedule', 'unschedule'] as const)(
  '%s of one that there is not is refused',
  async (command) => {
    const { hub } = await simulate();
    expect(refusal(() => hub[command]('s')).code).toBe('unknownSchedule');
  },
);
