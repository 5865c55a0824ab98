/** The people at the gates: in time, late, twice, two of them at once, on what was not shown, and never. */
import type { Hub } from '../hub/hub.ts';
import { HubError } from '../machines/errors.ts';
import { decide, type Running } from './actions.ts';
import type { Recorder } from './history.ts';
import type { PlannedHuman } from './plan.ts';

type Decision = Parameters<Hub['decideGate']>[1];

const another = '0'.repeat(64);
/** How many gates one hub can open until people stop looking at them. */
const patience = 40;

/** Has each of them look at every gate that there is and that will be. */
export function followGates(
  humans: readonly PlannedHuman[],
  running: Running,
  recorder: Recorder,
  complain: (invariant: string, why: string) => void,
): void {
  const { hub, life, witness } = running;
  let considered = 0;
  const consider = (gateId: string) => {
    if (++considered > patience) return;
    const gate = hub.gates().find(({ id }) => id === gateId);
    if (gate === undefined) return;
    for (const human of humans) {
      const { environment } = life;
      environment.wakeAt(environment.now() + human.afterMs, () => {
        if (hub.status().state === 'stopped') return;
        if (human.clicks > 1) witness.count('doubleClick');
        if (human.shown === 'other') witness.count('staleDecision');
        const choice = human.choice ?? gate.choices?.[0];
        const decision: Decision = {
          decision: human.decision,
          by: human.id,
          reason: `${human.id} says so`,
          ...(choice !== undefined && { choice }),
          ...(human.shown !== 'unsaid' && { contentHash: human.shown === 'right' ? gate.contentHash : another }),
        };
        for (let click = 0; click < human.clicks; click++) {
          decide(gateId, decision, running, recorder).catch((error) => {
            if (!life.isDead && !(error instanceof HubError)) complain('Dk1', `decideGate threw ${String(error)}`);
          });
        }
      });
    }
  };
  for (const { id } of hub.gates()) consider(id);
  hub.on('gate.open', ({ payload }) => consider(payload.gateId));
  hub.on('gate.handedOver', ({ payload }) => consider(payload.gateId));
}
