/** Draws plans of complex tasks: chains, diamonds and crowds of subtasks. */
import type { Plan, Subtask } from '../machines/plan.ts';
import type { Dice } from './dice.ts';
import { agentTypes } from './draw-agents.ts';

export function drawPlan(dice: Dice): Plan {
  const ids: string[] = [];
  const subtasks = dice.many(1, 5, (index): Subtask => {
    const id = `part-${index + 1}`;
    const dependencies = ids.filter(() => dice.chance(0.4));
    ids.push(id);
    return {
      id,
      title: `Part ${index + 1}`,
      description: 'a part of the whole',
      owner: dice.pick(agentTypes),
      workerType: dice.pick(['x', 'y', null]),
      capabilities: [],
      dependencies,
      minutes: { min: 15, max: 30 },
      tokens: 1000,
      files: [`src/${id}.ts`],
      successCriteria: 'it is there, and its tests pass',
    };
  });
  return { title: 'A plan by hand', description: 'drawn from a seed', subtasks };
}
