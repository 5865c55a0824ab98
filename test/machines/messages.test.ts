import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ZodType } from 'zod';
import { messageSchema, payloadSchemas, recordSchema } from '../../src/machines/messages.ts';
import { parse } from '../../src/machines/parse.ts';
import { refusal } from '../support/refusals.ts';

const isTask = (taskId: unknown) => payloadSchemas['task.enqueued'].safeParse({ taskId }).success;

describe('ids', () => {
  test.each(['a', '0', 'Task-1', 'a.b:c_d-e', 'x'.repeat(128)])('%s is one', (id) => {
    expect(isTask(id)).toBe(true);
  });

  test.each(['', '.a', '-a', '_a', ':a', 'a b', 'a/b', '../a', 'ä', 'a\n', 'a\u0000', 'x'.repeat(129), 7, null])(
    '%j is none',
    (id) => {
      expect(isTask(id)).toBe(false);
    },
  );
});

describe('types of users', () => {
  const typeOf = (type: string) => payloadSchemas['message.send'].safeParse({ messageType: type, body: null }).success;
  const ofTask = (type: string) =>
    payloadSchemas['task.submit'].safeParse({ taskId: 't', type, requirements: {} }).success;

  test.each([
    'xstate.stop',
    'xstate.done.actor.gate',
    'xstate.error.actor.x',
    'xstate.init',
    'XSTATE.stop',
    'xState.x',
  ])('%s is refused, for messages and tasks', (type) => {
    expect(typeOf(type)).toBe(false);
    expect(ofTask(type)).toBe(false);
  });

  test('no spelling of the prefix gets through', () => {
    const spelling = fc.tuple(fc.mixedCase(fc.constant('xstate.')), fc.stringMatching(/^[A-Za-z0-9.]{0,20}$/));
    fc.assert(
      fc.property(spelling, ([prefix, rest]) => {
        expect(typeOf(prefix + rest)).toBe(false);
      }),
    );
  });

  test.each(['xstate', 'xstates.x', 'my.xstate.x', 'review'])('%s is fine', (type) => {
    expect(typeOf(type)).toBe(true);
    expect(ofTask(type)).toBe(true);
  });
});

describe('strictness', () => {
  test('every message refuses what it does not know, with the path', () => {
    for (const option of messageSchema.options) {
      const type = option.shape.type.value;
      const schema: ZodType = option as never;
      const faults = schema.safeParse({ type, payload: { isAdmin: true } }).error?.issues ?? [];
      expect(
        faults.map((fault) => ('keys' in fault ? [...fault.path, ...fault.keys] : [])),
        type,
      ).toContainEqual(['payload', 'isAdmin']);
    }
  });

  test('an unknown key is named with its path, deep inside too', () => {
    const payload = { taskId: 't', type: 'x', requirements: { agentType: 'qa', skills: [] } };
    const error = refusal(() => parse(payloadSchemas['task.submit'], payload));
    expect(error.code).toBe('invalid');
    expect(error.path).toBe('requirements.skills');
  });

  test('a type that is no message of the protocol is refused', () => {
    for (const type of ['xstate.stop', 'xstate.done.actor.gate', 'task.explode', '', null]) {
      expect(messageSchema.safeParse({ type, payload: {} }).success).toBe(false);
      expect(recordSchema.safeParse({ type, payload: {} }).success).toBe(false);
    }
  });

  test('a record is refused without its envelope, and with more than it', () => {
    const record = {
      seq: 1,
      at: 0,
      id: 'r1',
      from: 'client',
      to: 'hub',
      correlationId: 'r1',
      causationId: null,
      type: 'hub.resume',
      payload: {},
    };
    expect(recordSchema.safeParse(record).success).toBe(true);
    expect(recordSchema.safeParse({ ...record, seq: 0 }).success).toBe(false);
    expect(recordSchema.safeParse({ ...record, sender: 'me' }).success).toBe(false);
    const { correlationId: _without, ...short } = record;
    expect(recordSchema.safeParse(short).success).toBe(false);
  });
});

describe('bounds', () => {
  test.each([
    ['a priority beyond 1000', 'task.prioritise', { taskId: 't', priority: 1001 }],
    ['a priority between two numbers', 'task.prioritise', { taskId: 't', priority: 1.5 }],
    ['progress beyond 100', 'task.progressed', { taskId: 't', lease: 1, percent: 101 }],
    ['more than 64 capabilities', 'agent.register', { agentId: 'a', type: 'x', capabilities: Array(65).fill('c') }],
    ['no room for a task', 'agent.register', { agentId: 'a', type: 'x', concurrency: 0 }],
    ['an empty question', 'consultation.request', { consultationId: 'c', specialistType: 's', question: '' }],
    ['nobody to approve', 'gate.open', { gateId: 'g', reason: 'r', approvers: [], contentHash: 'x'.repeat(64) }],
    ['a decision that is neither', 'gate.decide', { gateId: 'g', by: 'h', decision: 'maybe' }],
  ] as const)('%s is refused', (_what, type, payload) => {
    expect(payloadSchemas[type].safeParse(payload).success).toBe(false);
  });
});
