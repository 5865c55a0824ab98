import { describe, expect, test } from 'vitest';
import { parseScript, type Script } from '../../src/actors/script.ts';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf, typesOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';

/** Plays a script as the work on one task. */
async function play(run: Script, options: { readonly answer?: Script; readonly seed?: number } = {}) {
  const simulation = await simulate({ seed: options.seed ?? 1 });
  const { hub } = simulation;
  if (options.answer) hub.register({ id: 'expert', type: 'expert', run: [], answer: options.answer });
  hub.register({ id: 'dev', type: 'dev', run });
  const task = hub.submit({ type: 'x', requirements: { agentType: 'dev' } });
  await simulation.run();
  await expectFoldEqual(simulation);
  return { simulation, hub, task, outcome: hub.task(task.id) };
}

test('work takes its time, and return gives the result', async () => {
  const { task, simulation } = await play([{ work: '1h30m' }, { work: 500 }, { return: ['done'] }]);
  expect(await task.result).toMatchObject({ status: 'completed', durationMs: 5_400_500, result: ['done'] });
  expect(typesOf(simulation)).not.toContain('agent.heartbeat');
});

test('a script that ends without return gives null', async () => {
  expect(await (await play([])).task.result).toMatchObject({ status: 'completed', result: null });
});

test('work between two lengths is drawn from the seed', async () => {
  const script: Script = [{ work: { min: '1m', max: '10m' } }];
  const lasts = async (seed: number) => {
    const outcome = await (await play(script, { seed })).task.result;
    return outcome.durationMs;
  };
  const [one, again, other] = [await lasts(1), await lasts(1), await lasts(2)];
  expect(one).toBe(again);
  expect(one).not.toBe(other);
  for (const ms of [one, other]) expect(ms >= 60_000 && ms <= 600_000).toBe(true);
});

test('progress, send and receive are messages', async () => {
  const { simulation, outcome } = await play([
    { progress: { percent: 10, note: 'begun' } },
    { send: { to: 'dev', type: 'first', body: 1 } },
    { send: { to: 'dev', type: 'second' } },
    { receive: { type: 'second' } },
    { return: 'both' },
  ]);
  expect(outcome).toMatchObject({ status: 'completed', result: 'both' });
  expect(recordsOf(simulation, 'message.send').map(({ payload }) => payload)).toEqual([
    { messageType: 'first', body: 1 },
    { messageType: 'second', body: null },
  ]);
  expect(recordsOf(simulation, 'message.acknowledge')).toHaveLength(2);
});

describe('consult', () => {
  const consult = { type: 'expert', question: 'how?' };

  test('goes on when it is answered', async () => {
    const { outcome } = await play([{ consult }, { return: 1 }], { answer: [{ work: '5m' }, { return: 'so' }] });
    expect(outcome).toMatchObject({ status: 'completed', result: 1 });
  });

  test('goes on without an answer, or fails, as asked', async () => {
    const declined = { answer: [{ decline: 'no time' }] as Script };
    expect((await play([{ consult }, { return: 1 }], declined)).outcome?.status).toBe('completed');
    const failing = await play([{ consult: { ...consult, otherwise: 'fail' } }], declined);
    expect(failing.outcome).toMatchObject({
      status: 'failed',
      error: { message: 'no answer from expert: unavailable' },
    });
  });

  test('waits no longer than its timeout', async () => {
    const { task, simulation } = await play([{ consult: { ...consult, timeout: '2m' } }]);
    expect(await task.result).toMatchObject({ status: 'completed', durationMs: 120_000 });
    expect(typesOf(simulation)).toContain('consultation.expired');
  });
});

describe('fail, crash and stall', () => {
  test('fail fails the task with its message', async () => {
    const { outcome } = await play([{ fail: 'no idea' }]);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'driver', message: 'no idea' } });
  });

  test('fail with times counts attempts', async () => {
    const script: Script = [{ crash: { times: 1 } }, { fail: { message: 'again', times: 1 } }, { return: 'third' }];
    const simulation = await simulate();
    const { hub } = simulation;
    hub.register({ id: 'a', type: 'dev', run: script });
    const task = hub.submit({ type: 'x' });
    await simulation.run();
    expect(hub.task(task.id)).toMatchObject({ status: 'queued', attempts: 1 });
    hub.as('a').heartbeat();
    await simulation.run();
    expect(await task.result).toMatchObject({ status: 'completed', attempts: 2, result: 'third' });
  });

  test('fail on the first attempt only', async () => {
    const { outcome } = await play([{ fail: { message: 'first time', times: 1 } }, { return: 1 }]);
    expect(outcome).toMatchObject({ status: 'completed', attempts: 2, result: 1 });
  });

  test('a crashed agent is lost and its task waits for another', async () => {
    const { hub, outcome } = await play([{ crash: true }]);
    expect(outcome).toMatchObject({ status: 'queued', attempts: 1 });
    expect(hub.agent('dev')?.state).toBe('unreachable');
  });

  test('stall lasts until the work is called off', async () => {
    const { simulation, hub, task, outcome } = await play([{ stall: true }]);
    expect(outcome?.state).toBe('running.working');
    task.cancel();
    await simulation.run();
    expect(hub.deadLetters()).toEqual([]);
    expect(hub.agent('dev')?.status).toBe('idle');
  });
});

test('escalate waits for the decision, or goes on until the end', async () => {
  const { simulation, hub, task } = await play([
    { escalate: { reason: 'one', wait: false } },
    { escalate: { reason: 'two', approvers: ['alice'], ladder: [{ after: '1h', action: 'approve' }] } },
    { return: 'both' },
  ]);
  expect(hub.gates()).toMatchObject([{ reason: 'one' }]);
  expect(hub.task(task.id)?.status).toBe('running');
  await hub.decideGate(hub.gates()[0]?.id ?? '', { decision: 'approve', by: 'bob' });
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'completed', result: 'both' });
});

test.each<[string, unknown, string]>([
  ['an unknown step', [{ work: '1m' }, { dance: 1 }], 'script.1.dance'],
  ['a bad duration', [{ work: 'soon' }], 'script.0.work'],
  ['a bad duration inside', [{ consult: { type: 'a', question: 'b', timeout: 'x' } }], 'script.0.consult.timeout'],
  [
    'a bad rung',
    [{ escalate: { reason: 'r', ladder: [{ after: '1h', action: 'jump' }] } }],
    'script.0.escalate.ladder.0.action',
  ],
  [
    'a hand-over to nobody',
    [{ escalate: { reason: 'r', ladder: [{ after: 5, action: 'handOver' }] } }],
    'script.0.escalate.ladder.0.approver',
  ],
  ['an unknown key in a step', [{ send: { to: 'a', type: 'b', from: 'c' } }], 'script.0.send.from'],
  ['something else than a list', { work: '1m' }, 'script'],
])('%s is refused with its path', (_what, script, path) => {
  expect(refusal(() => parseScript(script as Script))).toMatchObject({ code: 'invalid', path });
});
