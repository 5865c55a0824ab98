/** xstate-hub/ai-planner: a planner that asks a language model. Needs the package `ai`, version 6. */

export {
  type LanguageModelPlannerOptions,
  languageModelPlanner,
  type PlannerUsage,
} from './hub/language-model-planner.ts';
export type { Planner, PlannerContext, RevisionContext } from './hub/planner.ts';
