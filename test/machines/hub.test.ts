import { expect, test } from 'vitest';
import { type HubEvent, hubMachine } from '../../src/machines/hub.ts';
import { after } from '../support/charts.ts';

const pathAfter = (...types: HubEvent['type'][]) =>
  after(
    hubMachine,
    undefined,
    types.map((type) => ({ type })),
  ).path;

test('a hub recovers, runs, is paused, goes on and stops', () => {
  const events = ['hub.started', 'hub.pause', 'hub.resume', 'hub.stopped'] as const;
  expect([0, 1, 2, 3, 4].map((length) => pathAfter(...events.slice(0, length)))).toEqual([
    'recovering',
    'running',
    'paused',
    'running',
    'stopped',
  ]);
});

test('a hub drains, running or paused, and then stops (H2)', () => {
  expect(pathAfter('hub.started', 'hub.drain')).toBe('draining');
  expect(pathAfter('hub.started', 'hub.pause', 'hub.drain')).toBe('draining');
  expect(pathAfter('hub.started', 'hub.drain', 'hub.stopped')).toBe('stopped');
  expect(pathAfter('hub.started', 'hub.drain', 'hub.resume')).toBe('draining');
  expect(pathAfter('hub.started', 'hub.drain', 'hub.pause')).toBe('draining');
});

test('a start leads to running from recovering and stopped only: a pause outlives a restart (H3)', () => {
  expect(pathAfter('hub.started', 'hub.stopped', 'hub.started')).toBe('running');
  expect(pathAfter('hub.started', 'hub.pause', 'hub.started')).toBe('paused');
  expect(pathAfter('hub.started', 'hub.drain', 'hub.started')).toBe('draining');
});

test('a paused hub can be stopped, a stopped one takes no commands', () => {
  expect(pathAfter('hub.started', 'hub.pause', 'hub.stopped')).toBe('stopped');
  expect(pathAfter('hub.started', 'hub.stopped', 'hub.resume')).toBe('stopped');
});
