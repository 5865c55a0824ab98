/** What the hub can do about questions to specialists and to humans. */
import type { EscalateOptions, GateHandle } from '../actors/driver.ts';
import { HubError } from '../machines/errors.ts';
import { admitJson } from '../machines/json.ts';
import type { Payload, PayloadInput, RecordOf } from '../machines/messages.ts';
import { openGate } from './agent-context.ts';
import { checkChoice } from './blocked-subtasks.ts';
import { type Desk, nothing, refusal } from './desk.ts';
import { draft } from './door.ts';
import { fieldsOf, idOf, optionsOf } from './given.ts';
import { refuseMoreGates } from './quotas.ts';
import { type ConsultationView, type GateView, viewConsultation, viewGate } from './views.ts';

export interface GateDecision {
  readonly decision: 'approve' | 'reject';
  /** Who decides. */
  readonly by: string;
  readonly reason?: string;
  /** One of the gate's choices, if it has some. */
  readonly choice?: string;
  /** From `gates()`: refuses the decision if it was made on other content. */
  readonly contentHash?: string;
  /** Anything that the agent should get back. */
  readonly answer?: unknown;
}

export type GateCommands = ReturnType<typeof gateCommands>;

export function gateCommands(desk: Desk) {
  const { state } = desk;

  const refused = ({ payload }: RecordOf<'deadletter.added'>, gateId: string, by: string): HubError => {
    switch (payload.reason) {
      case 'notAllowed':
        return refusal('forbidden', `${by} may not decide gate ${gateId}`, 'by');
      case 'staleContent':
        return refusal('conflict', `gate ${gateId} shows something else than what was decided on`, 'contentHash');
      default:
        return refusal('gateClosed', `gate ${gateId} is ${state.closedGates.get(gateId) ?? 'closed'}`, 'gateId');
    }
  };

  return {
    /** The consultations that have not ended. */
    consultations(): ConsultationView[] {
      return [...state.consultations.values()].map(viewConsultation);
    },

    /**
     * Answers an open question in the place of a specialist: of the one that has it, who is called off, or of one that
     * is not there. `conflict` when the question has ended.
     */
    async answerConsultation(consultationId: string, answer: unknown): Promise<void> {
      const given = admitJson(answer ?? null, 'answer');
      idOf(consultationId, 'consultationId');
      const contextOf = () => {
        const entry = state.consultations.get(consultationId);
        if (entry !== undefined) return entry.actor.getSnapshot().context;
        throw refusal('conflict', `consultation ${consultationId} is not open`, 'consultationId');
      };
      const answerUnder = (lease: number) =>
        draft(desk.speaker, 'hub', 'consultation.answer', { consultationId, lease, answer: given });
      if (contextOf().lease === null) {
        const taken = draft(desk.speaker, desk.speaker, 'consultation.asked', {
          consultationId,
          agentId: desk.speaker,
        });
        desk.take(() => {
          if (contextOf().lease !== null) throw refusal('conflict', 'somebody else was asked meanwhile');
          answerUnder(state.seq + 1); // An answer that would be refused takes the question from nobody.
          return taken;
        });
      }
      await desk.receive(() => answerUnder(contextOf().lease ?? 0));
    },

    /** Opens a gate; the agent, if one is named, gets no work until a human has decided. */
    escalate(
      reason: string,
      context: unknown = null,
      options: EscalateOptions & { readonly agentId?: string } = {},
    ): GateHandle {
      const gateId = desk.parts.environment.id();
      const given = optionsOf(options, 'the options of a gate', ['approvers', 'ladder', 'agentId']);
      const { agentId } = given;
      const [taskId] = agentId === undefined ? [] : desk.agent(agentId).actor.getSnapshot().context.tasks;
      const isRunning = taskId !== undefined && desk.task(taskId).actor.getSnapshot().matches('running');
      const gate = openGate(gateId, reason, context, given, {
        ...(agentId !== undefined && { agentId }),
        ...(isRunning && { taskId, keepsAgent: true }),
      });
      const message = draft(desk.speaker, 'hub', 'gate.open', gate);
      const accepted = desk
        .receive(() => {
          if (agentId !== undefined) refuseMoreGates(state, agentId);
          return message;
        })
        .then(nothing);
      accepted.catch(nothing); // Whoever awaits it hears of it; nobody has to.
      return { id: gateId, accepted, outcome: desk.parts.runner.gates.wait(gateId) };
    },

    /** The open gates, with what a person needs to decide. */
    gates(): GateView[] {
      return [...state.gates.values()].map((entry) => viewGate(entry, state));
    },

    /**
     * Decides a gate, once.
     *
     * Rejects with `gateClosed` when it was decided before or has ended, with `forbidden` when this person
     * may not decide it, with `conflict` when the content was another. Each such attempt is a dead letter.
     * An agent's, and a person's under the name of another, is `forbidden` and leaves no record.
     */
    async decideGate(gateId: string, decision: GateDecision): Promise<void> {
      idOf(gateId, 'gateId');
      let by = '';
      const records = await desk.receive(() => {
        if (!state.gates.has(gateId) && !state.closedGates.has(gateId)) {
          throw refusal('unknownGate', `there is no gate ${gateId}`, 'gateId');
        }
        const given = fieldsOf(decision, 'a decision', 'decision');
        by = given.by;
        const message = draft(desk.speaker, gateId, 'gate.decide', {
          ...given,
          gateId,
        } as PayloadInput<'gate.decide'>);
        desk.refuseOthers(by);
        const choices = state.gates.get(gateId)?.spec.choices;
        if (given.decision === 'approve' && choices !== undefined && !choices.includes(given.choice ?? '')) {
          throw new HubError('invalid', `choice: expected one of ${choices.join(', ')}`, {
            path: 'choice',
            expected: choices.join(', '),
          });
        }
        desk.refuseAgent(by, 'decide');
        const { spec } = state.gates.get(gateId) ?? {};
        if (spec !== undefined) checkChoice(state, spec, message.payload as Payload<'gate.decide'>);
        return message;
      });
      for (const record of records) if (record.type === 'deadletter.added') throw refused(record, gateId, by);
    },
  };
}
