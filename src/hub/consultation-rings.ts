/**
 * Whether an answer can ever come, or all who could give it wait for one another.
 *
 * Owns: finding such a ring. Does not own: who waits for whom (consultations.ts), nor what then becomes of a question.
 *
 * - Rg1 an agent is stuck when it is among those that ask, or waits for an answer that only agents who are stuck could
 *   give. An answer for which there is nobody yet is not lost: somebody may come.
 * - Rg2 everybody is visited once, and everything that somebody waits for followed once, however many ways lead there.
 */

/** What an agent waits for: somebody who is asked, or anybody of a type. */
export interface Wait {
  readonly specialistType: string;
  /** Null as long as nobody is asked. */
  readonly specialistId: string | null;
}

export interface Waiting {
  /** Who of a type could answer. */
  specialistsOf(type: string): readonly string[];
  /** What an agent waits for without a deadline. */
  waitsOf(agentId: string): readonly Wait[];
}

/** An agent, or a type of which somebody has to answer. */
interface Step {
  readonly wait: Wait;
  /** How many have to come free before it does. */
  missing: number;
  /** Whoever waits for it. */
  readonly users: Step[];
}

/**
 * Whether there are agents that could answer, and every one is stuck (Rg1).
 *
 * @param asking whoever waits for the answer in question
 */
export function areAllStuck(waiting: Waiting, specialistType: string, asking: readonly string[]): boolean {
  const specialists = waiting.specialistsOf(specialistType);
  if (specialists.some((id) => !asking.includes(id) && waiting.waitsOf(id).length === 0)) return false;

  const steps = new Map<string, Step>();
  const stepTo = (wait: Wait): Step => {
    const key = wait.specialistId === null ? `type ${wait.specialistType}` : `agent ${wait.specialistId}`;
    const known = steps.get(key);
    if (known !== undefined) return known;
    const step = { wait, missing: 0, users: [] };
    steps.set(key, step);
    return step;
  };
  const asked = stepTo({ specialistType, specialistId: null });
  for (const step of steps.values()) {
    const { specialistType: type, specialistId: id } = step.wait;
    if (id !== null && asking.includes(id)) {
      step.missing = Number.POSITIVE_INFINITY;
      continue;
    }
    const needs =
      id === null
        ? waiting.specialistsOf(type).map((one) => ({ specialistType: type, specialistId: one }))
        : waiting.waitsOf(id);
    for (const need of needs) stepTo(need).users.push(step);
    step.missing = id === null ? Math.min(1, needs.length) : needs.length;
  }

  const free = [...steps.values()].filter(({ missing }) => missing === 0);
  for (const { users } of free) {
    for (const user of users) if (--user.missing === 0) free.push(user);
  }
  return asked.missing > 0;
}
