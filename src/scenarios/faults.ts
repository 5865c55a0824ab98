/**
 * What is made to go wrong with an agent of a scenario, between its driver and the hub.
 *
 * Owns: what becomes of the agent's answers (a result, or an answer to a question), its messages and its pace. Does not
 * own: the agent, which knows nothing of it; nor the hub, which is told by a record and has to cope with the rest.
 *
 * - Fa1 a fault stands in the log before it shows: as `fault.injected`, or as what the hub hears (`agent.lost`, a sign
 *   of life).
 * - Fa2 faults draw no numbers: the same faults at the same places give the same log.
 */
import { type AnswerContext, SentTwice } from '../actors/driver.ts';
import { type Environment, sleep } from '../actors/environment.ts';
import type { Hub } from '../hub/hub.ts';
import type { Scenario } from './schema.ts';

export type Fault = Scenario['faults'][number] extends infer F ? (F extends F ? Omit<F, 'at'> : never) : never;

type Mishap = 'drop' | 'duplicate' | { readonly delay: number };

/** What is wrong with one agent. */
interface Trouble {
  /** What happens to the next things that it says, in order. */
  readonly mishaps: Mishap[];
  /** How many times as long everything takes it. */
  factor: number;
}

const lost = new Promise<never>(() => {});

export class Faults {
  readonly #environment: Environment;
  readonly #troubles = new Map<string, Trouble>();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Makes something go wrong. Throws `unknownAgent` when there is no such agent. */
  inject(fault: Fault, hub: Hub): void {
    if ('crash' in fault) return hub.reportLost(fault.crash, 'crashed');
    if ('restart' in fault) return hub.as(fault.restart).heartbeat();
    if ('drop' in fault) {
      hub.noteFault({ agentId: fault.drop, fault: 'drop' });
      this.#of(fault.drop).mishaps.push('drop');
    } else if ('duplicate' in fault) {
      hub.noteFault({ agentId: fault.duplicate, fault: 'duplicate' });
      this.#of(fault.duplicate).mishaps.push('duplicate');
    } else if ('delay' in fault) {
      const { agent, by } = fault.delay;
      hub.noteFault({ agentId: agent, fault: 'delay', byMs: by });
      this.#of(agent).mishaps.push({ delay: by });
    } else {
      const { agent, factor } = fault.slow;
      hub.noteFault({ agentId: agent, fault: 'slow', factor });
      this.#of(agent).factor = factor;
    }
  }

  /** An agent's function, with what goes wrong around it. */
  around<Work, Context extends AnswerContext>(
    agentId: string,
    work: (given: Work, context: Context) => unknown,
    beats: boolean,
  ): (given: Work, context: Context) => unknown {
    return async (given, context) => {
      const result = await work(given, this.#contextOf(agentId, context, beats));
      const mishap = this.#of(agentId).mishaps.shift();
      if (mishap === undefined) return result;
      if (mishap === 'drop') return await lost;
      if (mishap === 'duplicate') return new SentTwice(result);
      await sleep(this.#environment, mishap.delay); // Whatever anybody says meanwhile: it is on its way.
      return result;
    };
  }

  /** The environment as a slow agent feels it. */
  environmentOf(agentId: string): Environment {
    const environment = this.#environment;
    const now = () => environment.now();
    return {
      ...environment,
      now,
      wakeAt: (time, wake) => environment.wakeAt(now() + (time - now()) * this.#of(agentId).factor, wake),
    };
  }

  #of(agentId: string): Trouble {
    let trouble = this.#troubles.get(agentId);
    if (trouble === undefined) {
      trouble = { mishaps: [], factor: 1 };
      this.#troubles.set(agentId, trouble);
    }
    return trouble;
  }

  #contextOf<Context extends AnswerContext>(agentId: string, context: Context, beats: boolean): Context {
    const trouble = this.#of(agentId);
    const send: Context['send'] = async (message) => {
      const mishap = trouble.mishaps.shift();
      if (mishap === 'drop') return { status: 'queued', seq: 0 }; // Who sent it does not know.
      if (mishap === 'duplicate') void context.send(message);
      else if (mishap !== undefined) await context.sleep(mishap.delay);
      return await context.send(message);
    };
    /** Slow, and alive: it gives signs of life as often as it would. */
    const slowly: Context['sleep'] = async (ms) => {
      if (trouble.factor === 1) return await context.sleep(ms);
      for (let left = ms * trouble.factor; left > 0; left -= ms) {
        await context.sleep(Math.min(ms, left));
        if (beats && left > ms) context.heartbeat();
      }
    };
    // What the agent's context has as getters stays as it is.
    return Object.create(context, { send: { value: send }, sleep: { value: slowly } }) as Context;
  }
}
