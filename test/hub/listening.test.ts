import { expect, test, vi } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';

test('a listener hears of each record of its type, in order, once it is durable', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const heard: string[] = [];
  hub.on('task.completed', ({ payload, seq }) => {
    expect(simulation.records().at(seq - 1)?.seq).toBe(seq);
    heard.push(payload.taskId);
  });
  hub.register({ id: 'dev', type: 'dev', run: [{ work: '1m' }] });
  for (const id of ['t1', 't2']) hub.submit({ id, type: 'x' });
  expect(heard).toEqual([]);
  await simulation.run();
  expect(heard).toEqual(['t1', 't2']);
});

test('a listener for * hears of all, without a gap', async () => {
  const simulation = await simulate();
  const heard: number[] = [];
  simulation.hub.on('*', ({ seq }) => heard.push(seq));
  simulation.hub.register({ id: 'dev', type: 'dev', run: [] });
  simulation.hub.submit({ type: 'x' });
  await simulation.run();
  expect(heard).toEqual(
    simulation
      .records()
      .map(({ seq }) => seq)
      .slice(1),
  );
});

test('a listener that is taken off hears no more', async () => {
  const simulation = await simulate();
  const listener = vi.fn();
  const off = simulation.hub.on('*', listener);
  simulation.hub.pause();
  await simulation.settle();
  off();
  off();
  simulation.hub.resume();
  await simulation.settle();
  expect(listener).toHaveBeenCalledTimes(1);
});

test('a listener that throws disturbs nobody, and its error is shown', async () => {
  const shown = vi.spyOn(console, 'error').mockImplementation(() => {});
  const simulation = await simulate();
  const { hub } = simulation;
  const others = vi.fn();
  hub.on('task.submit', () => {
    throw new Error('deaf');
  });
  hub.on('task.submit', others);
  hub.on('*', others);
  hub.register({ id: 'dev', type: 'dev', run: [] });
  const task = hub.submit({ type: 'x' });
  await simulation.run();
  expect(await task.result).toMatchObject({ status: 'completed' });
  expect(others.mock.calls.length).toBeGreaterThan(7);
  expect(shown).toHaveBeenCalledWith('a listener for task.submit threw', expect.any(Error));
  await expectFoldEqual(simulation);
});

test('a listener that adds listeners is called once for each record', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  let count = 0;
  const multiply = () => {
    if (++count > 100) throw new Error('no end');
    hub.on('hub.pause', () => multiply());
  };
  hub.on('hub.pause', multiply);
  hub.pause();
  await simulation.settle();
  expect(count).toBe(1);
});

test('a listener can command the hub', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.register({ id: 'dev', type: 'dev', run: [{ work: '1m' }] });
  const results: unknown[] = [];
  const off = hub.on('task.completed', ({ payload }) => {
    if (payload.taskId === 'third') return off();
    const next = hub.submit({ id: payload.taskId === 'first' ? 'second' : 'third', type: 'x' });
    expect(hub.task(next.id)?.status).toBe('assigned');
    results.push(next.result);
  });
  hub.submit({ id: 'first', type: 'x' });
  await simulation.run();
  expect(await Promise.all(results)).toMatchObject([
    { taskId: 'second', status: 'completed' },
    { taskId: 'third', status: 'completed' },
  ]);
  await expectFoldEqual(simulation);
});

test('a listener whose promise is rejected disturbs nobody, and its error is shown', async () => {
  const shown = vi.spyOn(console, 'error').mockImplementation(() => {});
  const simulation = await simulate();
  const broken = new Error('no');
  simulation.hub.on('task.submit', async () => {
    throw broken;
  });
  simulation.hub.submit({ type: 'x' });
  await simulation.settle();
  await vi.waitFor(() => expect(shown).toHaveBeenCalledWith('a listener for task.submit threw', broken));
  shown.mockRestore();
});
