import { expect, test } from 'vitest';
import { createHub } from '../../src/index.ts';
import { simulate } from '../../src/testing.ts';
import { refusal, rejection } from '../support/refusals.ts';

const id = 'an id: a letter or digit, then up to 127 of A-Z a-z 0-9 . _ : -';

test.each<[string, object, string]>([
  ['prioritty', { prioritty: 3 }, 'prioritty: is not known here; did you mean metadata.priority?'],
  ['priority', { priority: 99 }, 'priority: is not known here; did you mean metadata.priority?'],
  ['agentType', { agentType: 'dev' }, 'agentType: is not known here; did you mean requirements.agentType?'],
])('a task with the field %s is refused with what was meant, and what there is', async (path, change, message) => {
  const { hub } = await simulate();
  expect(refusal(() => hub.submit({ type: 'x', ...change }))).toMatchObject({
    path,
    message,
    expected: 'one of id, type, payload, metadata, requirements, spec, idempotencyKey',
  });
});

test.each<[string, object, string, string]>([
  ['project', { project: 'a b' }, id, `project: expected ${id}`],
  ['config.rety', { config: { rety: {} } }, 'one of ', 'config.rety: is not known here; did you mean retry?'],
  ['config.retry.maxAttempts', { config: { retry: { maxAttempts: 0 } } }, 'at least 1', 'at least 1, found 0'],
  ['agentTyps', { agentTyps: [] }, 'one of store, ', 'agentTyps: is not known here; did you mean agentTypes?'],
  ['retry', { retry: {} }, 'one of store, ', 'retry: is not known here; did you mean config.retry?'],
])('an option of a hub, %s, is refused with what was expected', async (path, change, expected, message) => {
  const error = await rejection(createHub({ project: 'p', ...change } as never));
  expect(error).toMatchObject({ path, expected: expect.stringContaining(expected) });
  expect(error.message).toContain(message);
});

test('the definition of an agent is refused by the names of its own fields', async () => {
  const { hub } = await simulate();
  expect(refusal(() => hub.register({ id: 'a', type: 'dev', run: [], colour: 'red' } as never))).toMatchObject({
    path: 'colour',
    expected: expect.stringMatching(/^one of id, type, .*, heartbeatMs, run, answer$/),
  });
  expect(refusal(() => hub.register({ type: 'dev', run: [] } as never))).toMatchObject({ path: 'id', expected: id });
});
