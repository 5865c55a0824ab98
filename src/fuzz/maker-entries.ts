/** What makes parts of a hub: routers, and the planner that asks a language model, with whatever that answers. */
import { MockLanguageModelV3 } from 'ai/test';
import fc from 'fast-check';
import { languageModelPlanner } from '../hub/language-model-planner.ts';
import { acceptPlan } from '../hub/planner.ts';
import { epsilonGreedy, ucb1 } from '../hub/routing.ts';
import { complexRequestSchema } from '../machines/plan.ts';
import type { Entry } from './entry.ts';
import { argumentsLike, plan, request } from './hub-entries.ts';
import { textLike } from './text-like.ts';

const asked = complexRequestSchema.parse(request);
const context = { masters: ['dev', 'qa'], signal: new AbortController().signal };
const usage = {
  inputTokens: { total: 10, noCache: 10, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 10, text: 10, reasoning: undefined },
};

/** A model that says this, whatever it is asked. */
const modelThatSays = (text: string) =>
  new MockLanguageModelV3({
    doGenerate: async () => ({
      content: [{ type: 'text', text }],
      finishReason: { unified: 'stop', raw: undefined },
      usage,
      warnings: [],
    }),
  });

export const makerEntries: readonly Entry[] = [
  {
    name: 'epsilonGreedy',
    inputs: argumentsLike([[{ epsilon: 0.2, decay: 0.9, floor: 0.01 }], []]),
    weight: 0.3,
    call: (_, options) => epsilonGreedy(options as never),
  },
  {
    name: 'ucb1',
    inputs: argumentsLike([[{ curiosity: 0.2 }], []]),
    weight: 0.3,
    call: (_, options) => ucb1(options as never),
  },
  {
    name: 'languageModelPlanner',
    inputs: argumentsLike([[{ model: { $: 'function' }, maxTries: 2, maxTokens: 1000, limits: { maxStages: 3 } }]]),
    weight: 0.3,
    call: (_, options) => languageModelPlanner(options as never),
  },
  {
    name: 'languageModelPlanner.plan',
    inputs: fc.tuple(textLike([plan])),
    weight: 0.1,
    slow: true,
    async call(_, text) {
      const planner = languageModelPlanner({ model: modelThatSays(text as string), maxTries: 1, maxRetries: 0 });
      acceptPlan(await planner.plan(asked, context));
    },
  },
];
