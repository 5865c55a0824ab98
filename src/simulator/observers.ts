/** Listeners that throw, and such as talk back to the hub in the middle of what they are told. */
import { type Desk, perform, type Running } from './actions.ts';
import type { Plan } from './plan.ts';

export function observe({ hub, life, witness }: Running, { listeners }: Plan['observers'], desk: Desk): void {
  if (listeners === 'throw') {
    hub.on('*', ({ seq }) => {
      if (seq % 7 !== 0) return;
      witness.count('listenerThrows');
      throw new Error('a listener throws');
    });
  }
  if (listeners !== 'reenter') return;
  let times = 0;
  const reenter = (type: string) => {
    if (++times > 5 || life.isDead) return;
    witness.count('reentry');
    const task = { type, payload: `from within ${life.number} ${times}` };
    perform({ at: 0, do: 'submit', task }, { hub, life, witness }, desk);
  };
  hub.on('task.completed', () => reenter('x'));
  hub.actor.subscribe(({ context }) => {
    if (context.seq % 23 === 0) reenter('y');
  });
}
