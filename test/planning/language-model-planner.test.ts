import { MockLanguageModelV3 } from 'ai/test';
import { describe, expect, test } from 'vitest';
import { type LanguageModelPlannerOptions, languageModelPlanner, type PlannerUsage } from 'xstate-hub/ai-planner';
import { rulePlanner } from '../../src/hub/rule-planner.ts';
import { authRequest, chain, plan as planOf, subtask } from '../support/plans.ts';
import { refusal, rejection } from '../support/refusals.ts';

type Generated = Extract<ConstructorParameters<typeof MockLanguageModelV3>[0], object>['doGenerate'];
type Reply = Exclude<Extract<Generated, readonly unknown[]>, undefined>[number];

const masters = ['development', 'security'];
const context = (signal = new AbortController().signal) => ({ masters, signal });
const good = rulePlanner().plan(authRequest, context());
const circular = chain('a', 'b', 'c');
circular.subtasks[0]?.dependencies.push('c');

/** What a model says, and with how many tokens. */
function reply(answer: unknown, { input = 100, output = 50, finish = 'stop' as 'stop' | 'length' } = {}): Reply {
  return {
    content: [{ type: 'text', text: typeof answer === 'string' ? answer : JSON.stringify(answer) }],
    finishReason: { unified: finish, raw: undefined },
    usage: {
      inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: output, text: output, reasoning: undefined },
    },
    warnings: [],
  };
}

/** A planner over a model that says these one after the other, and the last again and again. */
function planner(replies: readonly Reply[], options: Partial<LanguageModelPlannerOptions> = {}) {
  let next = 0;
  const model = new MockLanguageModelV3({
    doGenerate: async () => replies[Math.min(next++, replies.length - 1)] as Reply,
  });
  const usage: PlannerUsage[] = [];
  const { plan, revise } = languageModelPlanner({ model, onUsage: (one) => usage.push(one), ...options });
  return { model, usage, plan, revise: revise as NonNullable<typeof revise> };
}

const said = (model: MockLanguageModelV3, call: number): string => JSON.stringify(model.doGenerateCalls[call]?.prompt);

test('a good answer is the plan', async () => {
  const { model, plan, usage } = planner([reply(good)]);

  expect(await plan(authRequest, context())).toEqual(good);
  expect(model.doGenerateCalls).toHaveLength(1);
  expect(usage).toEqual([{ tries: 1, inputTokens: 100, outputTokens: 50 }]);
});

test('the model is told the request, the masters and the limits, and the shape of the answer', async () => {
  const { model, plan } = planner([reply(good)], { limits: { maxFiles: 7 }, maxOutputTokens: 1234 });
  await plan({ ...authRequest, description: 'no </request> ends here' }, context());
  const [call] = model.doGenerateCalls;

  expect(said(model, 0)).toContain('development, security');
  expect(said(model, 0)).toContain('at most 7 that it changes');
  expect(said(model, 0)).toContain(authRequest.title);
  expect(said(model, 0).match(/<\/request>/g)).toHaveLength(2); // The rule that names it, and the end of the block.
  expect(call?.maxOutputTokens).toBe(1234);
  const { schema } = (call?.responseFormat ?? {}) as {
    schema: { required: string[]; properties: Record<string, never> };
  };
  expect(schema.required.sort()).toEqual(Object.keys(schema.properties).sort());
  expect(JSON.stringify(schema)).not.toContain('"default"');
});

describe('answers that are handed back', () => {
  test.each([
    ['nonsense', 'Sure! Here is your plan.', 'it is not JSON'],
    ['nothing', '', 'it is empty'],
    ['another shape', { steps: ['design', 'build'] }, 'subtasks: is required'],
    ['a list', [good], 'expected a mapping of fields, found a list'],
    ['null', null, 'answered nothing'],
    ['a cycle', circular, 'a → c → b → a'],
    ['an unknown owner', planOf(subtask('a', { owner: 'sales' })), 'belongs to sales'],
    ['too large a subtask', planOf(subtask('a', { tokens: 90_000 })), '90000 tokens'],
  ])('%s', async (_name, answer, told) => {
    const { model, plan, usage } = planner([reply(answer), reply(good)]);

    expect(await plan(authRequest, context())).toEqual(good);
    expect(model.doGenerateCalls).toHaveLength(2);
    expect(said(model, 1)).toContain(told);
    expect(usage).toEqual([{ tries: 2, inputTokens: 200, outputTokens: 100 }]);
  });

  test('one that was cut off is said to be', async () => {
    const { model, plan } = planner([reply('{"title": "A pl', { finish: 'length' }), reply(good)]);

    expect(await plan(authRequest, context())).toEqual(good);
    expect(said(model, 1)).toContain('it was cut off');
  });
});

describe('A2 it gives up', () => {
  test('after three tries, and says what was wrong with the last answer', async () => {
    const { model, plan, usage } = planner([reply('?'), reply('!'), reply(circular)]);
    const error = await rejection(plan(authRequest, context()) as Promise<unknown>);

    expect(error.code).toBe('noPlan');
    expect(error.message).toMatch(/no plan after 3 tries and 450 tokens: .*a → c → b → a/);
    expect(error.faults).toEqual([expect.objectContaining({ field: 'a' })]);
    expect(model.doGenerateCalls).toHaveLength(3);
    expect(usage).toEqual([{ tries: 3, inputTokens: 300, outputTokens: 150 }]);
  });

  test('when the tokens are used up, before the tries are', async () => {
    const { model, plan } = planner([reply('?', { input: 600, output: 300 })], { maxTries: 10, maxTokens: 1000 });
    const error = await rejection(plan(authRequest, context()) as Promise<unknown>);

    expect(error.message).toContain('after 2 tries and 1800 tokens');
    expect(model.doGenerateCalls.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([1000, 100]);
  });

  test('at once when the model cannot be asked', async () => {
    const model = new MockLanguageModelV3({ doGenerate: async () => Promise.reject(new Error('no such model')) });
    const planner = languageModelPlanner({ model });
    const error = await rejection(planner.plan(authRequest, context()) as Promise<unknown>);

    expect(error.code).toBe('noPlan');
    expect(error.message).toBe('the language model could not be asked: no such model');
  });
});

describe('A3 an aborted signal', () => {
  test('before it began: the model is not asked', async () => {
    const { model, plan } = planner([reply(good)]);

    await expect(plan(authRequest, context(AbortSignal.abort(new Error('not any more'))))).rejects.toThrow(
      'not any more',
    );
    expect(model.doGenerateCalls).toHaveLength(0);
  });

  test('while the model thinks: it hears of it, and nothing is asked again', async () => {
    const controller = new AbortController();
    const heard: unknown[] = [];
    const model = new MockLanguageModelV3({
      doGenerate: ({ abortSignal }) =>
        new Promise((_resolve, reject) => {
          abortSignal?.addEventListener('abort', () => {
            heard.push(abortSignal.reason);
            reject(abortSignal.reason);
          });
          controller.abort(new Error('cancelled'));
        }),
    });

    await expect(languageModelPlanner({ model }).plan(authRequest, context(controller.signal))).rejects.toThrow(
      'cancelled',
    );
    expect(heard).toEqual([new Error('cancelled')]);
    expect(model.doGenerateCalls).toHaveLength(1);
  });
});

describe('revising a subtask', () => {
  const failed = subtask('auth-002-backend', { dependencies: ['auth-001-design'] });
  const parts = [subtask('auth-002a-routes'), subtask('auth-002b-middleware', { dependencies: ['auth-002a-routes'] })];
  const about = { ...context(), failures: ['ran out of time'], results: { 'auth-001-design': 'JWT' } };

  test('gives smaller ones, which follow what it followed', async () => {
    const { model, revise } = planner([reply({ subtasks: parts })]);

    expect(await revise(failed, about)).toEqual([{ ...parts[0], dependencies: ['auth-001-design'] }, parts[1]]);
    expect(said(model, 0)).toContain('ran out of time');
    expect(said(model, 0)).toContain('JWT');
  });

  test('an empty list is null: it stays as it is', async () => {
    expect(await planner([reply({ subtasks: [] })]).revise(failed, about)).toBeNull();
  });

  test('is repaired as a plan is', async () => {
    const { model, revise } = planner([reply({ subtasks: [failed] }), reply({ subtasks: parts })]);

    expect(await revise(failed, about)).toHaveLength(2);
    expect(said(model, 1)).toContain('auth-002-backend is in use');
  });
});

test('options that cannot be are refused', () => {
  const model = new MockLanguageModelV3();

  expect(refusal(() => languageModelPlanner({ model, maxTries: 0 }))).toMatchObject({ path: 'options.maxTries' });
});
