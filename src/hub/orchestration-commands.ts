/** What the hub can do about complex tasks. */
import type { ActorRefFrom } from 'xstate';
import { z } from 'zod';
import { admitJson } from '../machines/json.ts';
import type { orchestrationMachine } from '../machines/orchestration.ts';
import { orchestrationRequest } from '../machines/orchestration-messages.ts';
import { parse } from '../machines/parse.ts';
import { complexRequestSchema, type PlanInput } from '../machines/plan.ts';
import { Deferred } from './deferred.ts';
import { type Desk, refusal } from './desk.ts';
import { idOf } from './given.ts';
import type { Waiter } from './kernel.ts';
import type { OrchestrationOutcome } from './orchestration-outcome.ts';
import { type OrchestrationReport, reportOf } from './orchestration-report.ts';
import type { OrchestrationEntry } from './orchestration-state.ts';
import { type OrchestrationsView, viewOrchestrations } from './orchestration-views.ts';
import { readPlan } from './orchestrations.ts';
import { overload } from './overload.ts';
import { refuseMoreOrchestrations } from './quotas.ts';
import { priorities } from './task-input.ts';

const { orchestrationId: id, plan, mode, priority, approvers } = orchestrationRequest.shape;
const inputSchema = z.strictObject({
  id: id.max(48).optional(),
  ...complexRequestSchema.shape,
  plan,
  mode,
  priority: z.union([z.enum(['low', 'normal', 'high', 'critical']), priority.unwrap()]).optional(),
  approvers,
});

/** A complex task, as it is requested. */
export interface OrchestrationInput {
  /** At most 48 characters. Default: a new one. */
  readonly id?: string;
  readonly title: string;
  readonly description?: string;
  readonly domains?: readonly string[];
  readonly files?: readonly string[];
  readonly dependencies?: readonly string[];
  readonly minutes?: number;
  readonly tokens?: number;
  readonly masters?: readonly string[];
  /** Decompose it even if it looks simple. */
  readonly orchestrationRequired?: boolean;
  /** A plan that was made by hand, instead of the planner's. */
  readonly plan?: PlanInput | undefined;
  /** `stages`: a stage begins when all before it are done (default); `dag`: a subtask when its own dependencies are. */
  readonly mode?: 'stages' | 'dag';
  readonly priority?: number | keyof typeof priorities;
  /** Who may decide when a subtask cannot be done. Default: any human. */
  readonly approvers?: readonly string[];
}

export interface OrchestrationHandle {
  readonly id: string;
  /** Resolves when the request is durable. */
  readonly accepted: Promise<void>;
  /** Resolves with the outcome, whatever it is. Rejects only when the hub stops before there is one. */
  readonly result: Promise<OrchestrationOutcome>;
  /** Its statechart; undefined when it ended at once. */
  readonly actor: ActorRefFrom<typeof orchestrationMachine> | undefined;
  /** Calls it off, with all its subtasks. False when it had ended. */
  cancel(reason?: string): boolean;
}

export type OrchestrationCommands = ReturnType<typeof orchestrationCommands>;

export function orchestrationCommands(desk: Desk) {
  const { state } = desk;

  const live = (orchestrationId: string): OrchestrationEntry => {
    const entry = state.orchestrations.get(idOf(orchestrationId, 'orchestrationId'));
    if (entry !== undefined) return entry;
    if (state.finishedOrchestrations.has(orchestrationId)) {
      throw refusal('conflict', `orchestration ${orchestrationId} has ended`, 'orchestrationId');
    }
    throw refusal('unknownOrchestration', `there is no orchestration ${orchestrationId}`, 'orchestrationId');
  };

  /** Apart from the request, so that whoever keeps it keeps no copy of a plan alive. */
  const handleOf = (orchestrationId: string, accepted: Deferred<void>): OrchestrationHandle => ({
    id: orchestrationId,
    accepted: accepted.promise,
    result: desk.parts.runner.orchestrations.wait(orchestrationId),
    actor: state.orchestrations.get(orchestrationId)?.actor ?? undefined,
    cancel(reason = 'cancelled') {
      if (!state.orchestrations.has(orchestrationId)) return false;
      commands.cancelOrchestration(orchestrationId, reason);
      return true;
    },
  });

  /** Hears what becomes of the request. */
  const waiterOf = (orchestrationId: string, accepted: Deferred<void>): Waiter => ({
    resolve: () => accepted.resolve(),
    reject(error) {
      if (!state.orchestrations.has(orchestrationId)) desk.parts.runner.orchestrations.fail(orchestrationId, error);
      accepted.reject(error);
    },
  });

  const commands = {
    /**
     * Takes a complex task: it is analysed, planned and run over the specialists.
     *
     * Throws `invalid` with all findings for a plan by hand that cannot be run, `busy` when too much waits, `draining`
     * and `duplicate`: then nothing has started.
     */
    orchestrate(input: OrchestrationInput): OrchestrationHandle {
      const given = parse(inputSchema, admitJson(input));
      const { id, plan, mode, priority = 'normal', approvers, ...request } = given;
      const orchestrationId = id ?? desk.parts.environment.id();
      const rank = typeof priority === 'number' ? priority : priorities[priority];
      const accepted = new Deferred<void>();
      const request_ = () => {
        if (state.life === 'draining') throw refusal('draining', 'the hub is draining and takes no new tasks');
        if (state.orchestrations.has(orchestrationId) || state.finishedOrchestrations.has(orchestrationId)) {
          throw refusal('duplicate', `orchestration ${orchestrationId} exists already`, 'id');
        }
        refuseMoreOrchestrations(state);
        const why = overload(state, rank);
        if (why !== undefined) throw refusal('busy', why);
        // It has passed the door already: the input is made of the message's own schemas.
        const payload = {
          orchestrationId,
          request,
          mode,
          priority: rank,
          ...(plan !== undefined && { plan: readPlan(state, plan).plan }),
          ...(approvers !== undefined && { approvers }),
        };
        return { from: desk.speaker, to: 'hub', type: 'orchestration.request', payload } as const;
      };
      desk.take(request_, waiterOf(orchestrationId, accepted));
      return handleOf(orchestrationId, accepted);
    },

    /** Begins nothing new until it is resumed; what is at work goes on. */
    pauseOrchestration(orchestrationId: string, reason = 'paused'): void {
      desk.command('orchestration.pause', { orchestrationId, reason }, () => live(orchestrationId));
    },

    resumeOrchestration(orchestrationId: string): void {
      desk.command('orchestration.resume', { orchestrationId }, () => live(orchestrationId));
    },

    /** Calls it off, with all its subtasks. */
    cancelOrchestration(orchestrationId: string, reason = 'cancelled'): void {
      desk.command('orchestration.cancel', { orchestrationId, reason }, () => live(orchestrationId));
    },

    /** How it stands, or how it went. */
    report(orchestrationId: string): OrchestrationReport {
      return reportOf(state.finishedOrchestrations.get(orchestrationId) ?? live(orchestrationId));
    },

    /** All that are at work, and how many there were. */
    orchestrations(): OrchestrationsView {
      return viewOrchestrations(state);
    },
  };
  return commands;
}
