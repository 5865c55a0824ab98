/** Gates in words. */
import type { Gate, Verdict } from '../../model/gates.ts';
import { length } from '../../ui/time.ts';

type Step = Gate['ladder'][number]['step'];

const actions: { readonly [action in Step['action']]: (step: Step) => string } = {
  remind: () => 'a reminder is sent',
  handOver: ({ approver }) => `${approver ?? 'somebody else'} is asked instead`,
  approve: () => 'it counts as approved',
  reject: () => 'it counts as rejected',
  expire: () => 'it expires, and that is a no',
};

/** What comes when nobody decides, a line a step. */
export function otherwise({ ladder }: Gate, now: number): readonly string[] {
  return ladder.map(({ step, at }) => {
    const what = actions[step.action](step);
    if (at === null) return `${length(step.afterMs)} later ${what}`;
    return at <= now ? `any moment now ${what}` : `in ${length(at - now)} ${what}`;
  });
}

/**
 * What a yes and a no bring about.
 *
 * @param called what people call an actor
 */
export function consequences(
  { agentId, taskId, orchestrationId, subtaskId }: Gate,
  called: (actor: string) => string,
): { yes: string; no: string } {
  if (orchestrationId !== null && subtaskId !== null) {
    const whole = called(`orchestration:${orchestrationId}`);
    return { yes: `${whole} goes on`, no: `${whole} is given up` };
  }
  if (taskId !== null) {
    const task = called(`task:${taskId}`);
    return { yes: `${agentId ?? 'its agent'} goes on with ${task}`, no: `${task} fails` };
  }
  if (agentId !== null) return { yes: `${agentId} takes work again`, no: `${agentId} gets no more work` };
  return { yes: 'whoever asked hears yes', no: 'whoever asked hears no' };
}

export function anyOf(names: readonly string[] | null): string {
  if (names === null) return 'anybody';
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

const endings: { readonly [state in Gate['state']]: string } = {
  open: 'open',
  approved: 'Approved',
  rejected: 'Rejected',
  expired: 'Expired: nobody decided',
  cancelled: 'Not needed any more',
};

/** `Approved by ann`. */
export function verdictWords(state: Gate['state'], verdict: Verdict | null): string {
  if (verdict?.by === 'ladder') return `${endings[state]} by default: nobody decided`;
  return verdict?.by == null ? endings[state] : `${endings[state]} by ${verdict.by}`;
}
