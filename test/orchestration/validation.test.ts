import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf, typesOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';
import { restartAfter } from '../support/restart.ts';
import { goodSpec } from '../support/working-spec.ts';

const badSpec = () => ({ ...goodSpec(), id: 'feature 1', mode: 'haste', invariants: [] });

test('a task with a spec that is not valid is cancelled, in the log, and the caller hears of every fault', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'a', type: 'dev', run: [] });
  const error = refusal(() => hub.submit({ id: 't1', type: 'x', spec: badSpec() }));
  expect(error).toMatchObject({ code: 'invalidSpec', path: 'spec.id' });
  expect(error.faults.map(({ field }) => field)).toEqual(['id', 'mode']);
  expect(error.warnings.map(({ field }) => field)).toEqual(['invariants']);
  await simulation.run();
  expect(typesOf(simulation).slice(2)).toEqual(['task.submit', 'task.invalid', 'task.cancelled']);
  expect(hub.task('t1')).toMatchObject({
    status: 'cancelled',
    faults: error.faults,
    warnings: error.warnings,
    reason: 'the working spec is not valid',
  });
  await expectFoldEqual(simulation);
});

test('warnings stay with the task while it lives and after', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.submit({ id: 't1', type: 'x', spec: { ...goodSpec(), invariants: [] } });
  expect(hub.task('t1')).toMatchObject({ status: 'queued', faults: [], warnings: [{ field: 'invariants' }] });
  hub.register({ id: 'a', type: 'dev', run: [] });
  await simulation.run();
  expect(hub.task('t1')).toMatchObject({ status: 'completed', warnings: [{ field: 'invariants' }] });
  expect(recordsOf(simulation, 'task.validated')[0]?.payload.warnings).toHaveLength(1);
  await expectFoldEqual(simulation);
});

test('a task without a spec is not validated', async () => {
  const simulation = await simulate();
  simulation.hub.submit({ type: 'x' });
  await simulation.settle();
  expect(typesOf(simulation)).toEqual(['hub.started', 'task.submit', 'task.enqueued']);
});

test('unless a spec is required: then it is refused with words for it', async () => {
  const simulation = await simulate({ config: { requireSpec: true } });
  const { hub } = simulation;
  const error = refusal(() => hub.submit({ id: 't1', type: 'x' }));
  expect(error).toMatchObject({ code: 'invalidSpec', path: 'spec' });
  expect(error.message).toBe('the working spec of t1 is not valid: spec: expected a working spec: a mapping of fields');
  expect(hub.task('t1')?.status).toBe('cancelled');
  expect(hub.submit({ type: 'x', spec: goodSpec() }).id).toBeDefined();
  await expectFoldEqual(simulation);
});

test('a hub that remembers no task that has ended says all the same what is not valid', async () => {
  const simulation = await simulate({ config: { keepFinished: 0 } });
  const { hub } = simulation;
  const error = refusal(() => hub.submit({ id: 't1', type: 'x', spec: badSpec() }));
  expect(error).toMatchObject({ code: 'invalidSpec', path: 'spec.id', warnings: [{ field: 'invariants' }] });
  expect(error.faults.map(({ field }) => field)).toEqual(['id', 'mode']);
  expect(hub.task('t1')).toBeUndefined();
  await expectFoldEqual(simulation);
});

test('a delayed task is validated when it is submitted', async () => {
  const simulation = await simulate();
  expect(refusal(() => simulation.hub.submit({ type: 'x', spec: {}, metadata: { delayMs: 5 } })).code).toBe(
    'invalidSpec',
  );
  await simulation.run();
  expect(recordsOf(simulation, 'deadline.passed')).toEqual([]);
  await expectFoldEqual(simulation);
});

test('submitted within a turn, the caller gets a handle, and the outcome says why', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  let inner: ReturnType<typeof hub.submit> | undefined;
  hub.register({ id: 'a', type: 'dev', run: [{ stall: true }] });
  const outer = hub.submit({ type: 'x' });
  outer.actor?.subscribe(() => {
    inner ??= hub.submit({ id: 'inner', type: 'x', spec: badSpec() });
  });
  await simulation.run();
  expect(inner).toBeDefined();
  expect(await inner?.result).toMatchObject({ status: 'cancelled', reason: 'the working spec is not valid' });
  expect(hub.task('inner')?.faults.map(({ field }) => field)).toEqual(['id', 'mode']);
  await expectFoldEqual(simulation);
});

test('the same key with the same bad spec is refused in the same words, and is one task', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const submit = () => hub.submit({ type: 'x', spec: badSpec(), idempotencyKey: 'k' });
  const [first, second] = [refusal(submit), refusal(submit)];
  expect([second.code, second.message, second.faults]).toEqual([first.code, first.message, first.faults]);
  await simulation.settle();
  expect(recordsOf(simulation, 'task.submit')).toHaveLength(1);
  expect(refusal(() => hub.submit({ type: 'x', spec: goodSpec(), idempotencyKey: 'k' })).code).toBe('conflict');
});

test('a restart neither asks the validator again nor forgets what it said', async () => {
  const before = await simulate();
  refusal(() => before.hub.submit({ id: 'bad', type: 'x', spec: badSpec() }));
  before.hub.submit({ id: 'good', type: 'x', spec: goodSpec() });
  await before.settle();
  const validator = () => {
    throw new Error('asked again');
  };
  const after = await restartAfter(before, 0, { validator });
  expect(after.hub.task('bad')?.faults).toEqual(before.hub.task('bad')?.faults);
  expect(after.hub.task('good')?.status).toBe('queued');
  await expectFoldEqual(after);
});
