/**
 * A planner that asks a language model, over the AI SDK. Needs the package `ai`, version 6.
 *
 * Owns the conversation: the question, the answer's shape, and the repair loop. The rules are those of plan-rules.ts.
 *
 * - A1 only a plan without errors leaves here; faults are handed back to the model, and it tries again.
 * - A2 tries and tokens are bounded; when they are used up, that is an error that says so.
 * - A3 an aborted signal ends it at once, with the signal's reason.
 */
import {
  type FinishReason,
  generateText,
  jsonSchema,
  type LanguageModel,
  type ModelMessage,
  NoObjectGeneratedError,
  Output,
} from 'ai';
import { z } from 'zod';
import { HubError, type SpecFault } from '../machines/errors.ts';
import { parse } from '../machines/parse.ts';
import { planSchema, subtaskSchema } from '../machines/plan.ts';
import { type PlanLimitsInput, planLimitsSchema } from '../machines/plan-limits.ts';
import { fieldsOf } from './given.ts';
import { acceptPlan, acceptRevision, type Planner, type PlannerContext } from './planner.ts';
import { planPrompt, repairPrompt, revisionPrompt, systemPrompt } from './planner-prompts.ts';

/** What a plan or a revision took. */
export interface PlannerUsage {
  readonly tries: number;
  /** As the model counts them; what it does not count is 0. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface LanguageModelPlannerOptions {
  readonly model: LanguageModel;
  /** Answers in all, the first included. Default: 3. */
  readonly maxTries?: number;
  /** Most tokens of one answer. Default: 8,000. */
  readonly maxOutputTokens?: number;
  /** Tokens after which there is no other try, input and output of all of them together. Default: 100,000. */
  readonly maxTokens?: number;
  /** How often the SDK repeats a call that failed on its way (not one whose answer was wrong). Default: 2. */
  readonly maxRetries?: number;
  /** Default: the model's own. */
  readonly temperature?: number;
  /** As for `checkPlan`. */
  readonly limits?: PlanLimitsInput;
  /** Told of each plan and revision, given or not. */
  readonly onUsage?: (usage: PlannerUsage) => void;
}

const count = z.int().min(1);
const boundsSchema = z.object({
  maxTries: count.max(100).default(3),
  maxOutputTokens: count.default(8000),
  maxTokens: count.default(100_000),
  maxRetries: z.int().min(0).max(100).default(2),
  limits: planLimitsSchema.prefault({}),
});

/** Throws `invalid` when an option cannot be. Its `plan` rejects with `noPlan` when the model has none. */
export function languageModelPlanner(options: LanguageModelPlannerOptions): Planner {
  const given = fieldsOf(options, 'the options of a planner', 'options');
  const { model, temperature, onUsage } = given;
  const bounds = parse(boundsSchema, given, 'options');
  const { limits } = bounds;

  async function converse<T>(
    { masters, signal }: PlannerContext,
    schema: z.ZodType,
    prompt: string,
    accept: (answer: unknown) => T,
  ) {
    const messages: ModelMessage[] = [{ role: 'user', content: prompt }];
    const used = { tries: 0, inputTokens: 0, outputTokens: 0 };
    const spent = () => used.inputTokens + used.outputTokens;
    let refusal: Refusal = { message: 'it was not asked', faults: [] };
    try {
      while (used.tries < bounds.maxTries && spent() < bounds.maxTokens) {
        signal.throwIfAborted();
        used.tries++;
        const reply = await ask(model, schema, {
          system: systemPrompt(masters, limits),
          messages,
          abortSignal: signal,
          maxRetries: bounds.maxRetries,
          maxOutputTokens: Math.min(bounds.maxOutputTokens, bounds.maxTokens - spent()),
          ...(temperature !== undefined && { temperature }),
        });
        used.inputTokens += reply.inputTokens;
        used.outputTokens += reply.outputTokens;
        const verdict = judge(reply, accept);
        if ('accepted' in verdict) return verdict.accepted;
        refusal = verdict;
        messages.push(
          { role: 'assistant', content: reply.text === '' ? '(nothing)' : reply.text },
          { role: 'user', content: repairPrompt(refusal.faults, refusal.message) },
        );
      }
    } catch (error) {
      signal.throwIfAborted();
      throw new HubError('noPlan', `the language model could not be asked: ${messageOf(error)}`, { cause: error });
    } finally {
      onUsage?.({ ...used });
    }
    const tries = `${used.tries} ${used.tries === 1 ? 'try' : 'tries'} and ${spent()} tokens`;
    throw new HubError('noPlan', `the language model has no plan after ${tries}: ${refusal.message}`, {
      faults: refusal.faults,
    });
  }

  return {
    plan: (request, context) =>
      converse(context, planAnswer, planPrompt(request), (answer) =>
        acceptPlan(answer, { owners: ownersOf(context), limits }),
      ),
    async revise(subtask, context) {
      const subtasks = await converse(context, revisionAnswer, revisionPrompt(subtask, context), (answer) => {
        const { subtasks } = parse(answerShape, answer);
        return Array.isArray(subtasks) && subtasks.length === 0
          ? []
          : acceptRevision(subtasks, subtask, { owners: ownersOf(context), limits });
      });
      return subtasks.length === 0 ? null : subtasks;
    },
  };
}

/** Without masters any owner will do. */
const ownersOf = ({ masters }: PlannerContext) => (masters.length === 0 ? undefined : masters);

/** The model does not give stages: they are computed. */
const planAnswer = planSchema.omit({ givenStages: true });
const revisionAnswer = z.strictObject({ subtasks: z.array(subtaskSchema) });
const answerShape = z.object({ subtasks: z.unknown() });

interface Reply {
  readonly text: string;
  /** The JSON of the text; absent when it is none. */
  readonly answer?: unknown;
  /** Why there is no answer. */
  readonly fault: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

type Ask = Omit<Parameters<typeof generateText>[0], 'model' | 'prompt' | 'messages'> & { messages: ModelMessage[] };

async function ask(model: LanguageModel, schema: z.ZodType, call: Ask): Promise<Reply> {
  try {
    const result = await generateText({ ...call, model, output: Output.object({ schema: forModel(schema) }) });
    const { text, usage, finishReason: finish } = result;
    const tokens = tokensOf(usage);
    // Only an answer that came to its own end is read as one.
    return finish === 'stop'
      ? { text, answer: result.output.answer, fault: '', ...tokens }
      : { text, fault: faultOf(text, finish), ...tokens };
  } catch (error) {
    if (!NoObjectGeneratedError.isInstance(error)) throw error;
    const { text = '', finishReason, usage } = error;
    return { text, fault: faultOf(text, finishReason), ...tokensOf(usage) };
  }
}

function faultOf(text: string, finish: FinishReason | undefined): string {
  if (finish === 'length') return 'it was cut off: make it shorter';
  if (finish !== undefined && finish !== 'stop') return `it ended with ${finish}`;
  return text.trim() === '' ? 'it is empty' : 'it is not JSON';
}

const tokensOf = (usage: { inputTokens: number | undefined; outputTokens: number | undefined } | undefined) => ({
  inputTokens: usage?.inputTokens ?? 0,
  outputTokens: usage?.outputTokens ?? 0,
});

/**
 * The schema as models want it: every field required and nothing by default, as strict structured output demands. It
 * is not checked by the SDK: a fault is ours to tell. (And an answer `null` is an answer only in something.)
 */
const forModel = (schema: z.ZodType) =>
  jsonSchema<{ answer: unknown }>(
    z.toJSONSchema(schema, {
      target: 'draft-7',
      io: 'output',
      override: ({ jsonSchema: part }) => {
        delete part.default;
      },
    }) as Parameters<typeof jsonSchema>[0],
    { validate: (answer) => ({ success: true, value: { answer } }) },
  );

interface Refusal {
  readonly message: string;
  readonly faults: readonly SpecFault[];
}

function judge<T>(reply: Reply, accept: (answer: unknown) => T): { accepted: T } | Refusal {
  if (!('answer' in reply)) return { message: reply.fault, faults: [] };
  try {
    return { accepted: accept(reply.answer) };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return { message: error.message, faults: error.faults };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
