/**
 * What a person may do to a hub from afar: these of its methods and no others.
 *
 * - Oc1 whatever is given, the hub does it or refuses with a {@link HubError}; nothing else is thrown.
 * - Oc2 who says who they are acts as themself only: it stands in the log as `client:name`.
 */
import { z } from 'zod';
import type { OutgoingMessage } from '../actors/driver.ts';
import type { GateDecision } from '../hub/gate-commands.ts';
import type { Hub } from '../hub/hub.ts';
import type { TaskInput } from '../hub/task-input.ts';
import { HubError } from '../machines/errors.ts';
import type { Json } from '../machines/json.ts';
import { parse } from '../machines/parse.ts';

/** The name of one of the hub's methods, what it is called with, and who does it. */
export interface OperatorCommand {
  readonly name: string;
  readonly args: readonly Json[];
  readonly as?: string;
}

const text = z.string();
const object = z.record(z.string(), z.unknown());
const aboutOne = z.tuple([text]);
const aboutOneWithReason = z.tuple([text, text.optional()]);

/** `args` are the shapes that make a call possible; what they say is judged by the hub. */
const command = <A extends z.ZodType<readonly unknown[]>>(args: A, call: (hub: Hub, args: z.output<A>) => unknown) => ({
  call: (hub: Hub, given: readonly Json[]) => call(hub, parse(args, given, 'args')),
});

const commands = {
  submit: command(z.tuple([object]), async (hub, [input]) => {
    const { id, accepted } = hub.submit(input as unknown as TaskInput);
    await accepted;
    return { id };
  }),
  resubmit: command(aboutOne, async (hub, [taskId]) => {
    const { id, accepted } = hub.resubmit(taskId);
    await accepted;
    return { id };
  }),
  cancel: command(aboutOneWithReason, (hub, args) => hub.cancel(...args)),
  prioritise: command(z.tuple([text, z.number()]), (hub, args) => hub.prioritise(...args)),
  assign: command(z.tuple([text, text]), (hub, args) => hub.assign(...args)),
  decideGate: command(z.tuple([text, object]), (hub, [gateId, decision]) =>
    hub.decideGate(gateId, decision as unknown as GateDecision),
  ),
  answerConsultation: command(z.tuple([text, z.unknown()]), (hub, args) => hub.answerConsultation(...args)),
  send: command(z.tuple([object]), (hub, [message]) => hub.send(message as unknown as OutgoingMessage)),
  pauseAgent: command(aboutOneWithReason, (hub, args) => hub.pauseAgent(...args)),
  resumeAgent: command(aboutOne, (hub, args) => hub.resumeAgent(...args)),
  reportLost: command(aboutOneWithReason, (hub, args) => hub.reportLost(...args)),
  pause: command(z.tuple([text.optional()]), (hub, args) => hub.pause(...args)),
  resume: command(z.tuple([]), (hub) => hub.resume()),
  updateProject: command(z.tuple([object]), (hub, [update]) => hub.updateProject(update)),
  pauseOrchestration: command(aboutOneWithReason, (hub, args) => hub.pauseOrchestration(...args)),
  resumeOrchestration: command(aboutOne, (hub, args) => hub.resumeOrchestration(...args)),
  cancelOrchestration: command(aboutOneWithReason, (hub, args) => hub.cancelOrchestration(...args)),
  pauseSchedule: command(aboutOne, (hub, args) => hub.pauseSchedule(...args)),
  resumeSchedule: command(aboutOne, (hub, args) => hub.resumeSchedule(...args)),
  acceptLateResult: command(z.tuple([z.number(), text]), (hub, args) => hub.acceptLateResult(...args)),
  purgeDeadLetters: command(z.tuple([z.number().optional()]), (hub, args) => hub.purgeDeadLetters(...args)),
  replayDeadLetter: command(z.tuple([z.number()]), (hub, args) => hub.replayDeadLetter(...args)),
} as const;

/** Gives a command to a hub. Rejects with a {@link HubError} when it is none, or when the hub refuses it. */
export async function obey(hub: Hub, { name, args, as }: OperatorCommand): Promise<Json> {
  if (!Object.hasOwn(commands, name)) {
    throw new HubError('forbidden', `"${name}" is not a command that can be given from afar`, {
      path: 'name',
      expected: Object.keys(commands).join(', '),
    });
  }
  const desk = as === undefined ? hub : hub.operator(as);
  const answer = await commands[name as keyof typeof commands].call(desk, args);
  return (answer ?? null) as Json;
}
