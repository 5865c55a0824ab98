/** What the hub can do about messages and dead letters. */
import type { InboxMessage, OutgoingMessage, SendOutcome } from '../actors/driver.ts';
import type { Payload } from '../machines/messages.ts';
import { readMessage, sendOutcome } from './agent-context.ts';
import { type Desk, refusal } from './desk.ts';
import { draft } from './door.ts';
import { seqOf } from './given.ts';
import type { Draft } from './kernel.ts';
import type { DeadLetter } from './state.ts';

export type MessageCommands = ReturnType<typeof messageCommands>;

export function messageCommands(desk: Desk) {
  const { state } = desk;
  const { runner } = desk.parts;

  const letterOf = (letterSeq: number): DeadLetter => {
    const letter = state.deadLetters.get(seqOf(letterSeq, 'letterSeq'));
    if (letter === undefined) throw refusal('unknownLetter', `there is no dead letter ${letterSeq}`, 'letterSeq');
    return letter;
  };
  const refuseUnknownRecipient = (to: string) => {
    if (state.agents.get(to) === undefined) throw refusal('unknownRecipient', `there is no agent ${to}`, 'to');
  };

  const commands = {
    /** Sends to an agent, from the hub or from the person who speaks here. */
    async send(given: OutgoingMessage): Promise<SendOutcome> {
      const { to, type, body } = readMessage(given);
      const message = draft(desk.isPerson ? desk.speaker : 'hub', to, 'message.send', {
        messageType: type,
        body: body as never,
      });
      const records = await desk.receive(() => {
        refuseUnknownRecipient(to);
        return message;
      });
      return sendOutcome(records, runner.feedOf(to));
    },

    /** What waits in an agent's inbox, without taking it. */
    inbox(agentId: string): readonly InboxMessage[] {
      return [...desk.agent(agentId).inbox];
    },

    deadLetters(): readonly DeadLetter[] {
      return [...state.deadLetters.values()];
    },

    /** Sends a dead letter once more, from its first sender. Only messages can be replayed. */
    async replayDeadLetter(letterSeq: number): Promise<SendOutcome> {
      const letter = letterOf(letterSeq);
      const { from, to, messageType, payload } = letter;
      if (messageType !== 'message.send') {
        throw refusal('conflict', `a ${messageType} cannot be sent again: what it was about is over`, 'letterSeq');
      }
      // What was said before has passed the door, and need not be shorter now that it has a number more.
      const message = {
        from,
        to,
        type: 'message.send',
        payload: { ...(payload as Payload<'message.send'>), letterSeq },
      } as const;
      desk.command('deadletter.replay', { letterSeq }, () => {
        letterOf(letterSeq);
        if (to !== 'hub') refuseUnknownRecipient(to);
      });
      return sendOutcome(await desk.receive(() => message), runner.feedOf(to));
    },

    /**
     * Takes a result that came too late for the task's result after all, because a person says so.
     * `conflict` when the letter is no result, or the task has ended meanwhile; `forbidden` when an agent says so,
     * or a person under the name of another.
     */
    acceptLateResult(letterSeq: number, by: string): void {
      const letter = letterOf(letterSeq);
      const { taskId = '', lease = 0, result = null } = letter.payload as Partial<Payload<'task.result'>>;
      if (letter.messageType !== 'task.result') {
        throw refusal('conflict', `a ${letter.messageType} is no result`, 'letterSeq');
      }
      const accepts = { letterSeq, taskId, agentId: letter.from, result: null, by };
      const message = draft(desk.speaker, 'hub', 'deadletter.accept', accepts);
      desk.take(() => {
        letterOf(letterSeq);
        if (desk.task(taskId).place > lease) {
          throw refusal('conflict', `the result is of an earlier task with the id ${taskId}`, 'letterSeq');
        }
        desk.refuseOthers(by);
        desk.refuseAgent(by, 'accept a result');
        // The result has passed the door with the letter, where it may have had all the room that there is.
        return { ...message, payload: { ...message.payload, result } } as Draft;
      });
    },

    /** Forgets a dead letter, or all of them; answers how many. */
    purgeDeadLetters(letterSeq?: number): number {
      const letters = letterSeq === undefined ? commands.deadLetters() : [letterOf(letterSeq)];
      for (const letter of letters) desk.command('deadletter.purge', { letterSeq: letter.letterSeq });
      return letters.length;
    },
  };
  return commands;
}
