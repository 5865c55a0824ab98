/** A plan as a Mermaid flowchart: a box for each stage, an arrow for each dependency. */
import type { Plan, Subtask } from '../machines/plan.ts';

/** @param stages ids stage by stage; subtasks that are in none of them stand outside of all boxes */
export function planToMermaid({ subtasks }: Plan, stages: readonly (readonly string[])[]): string {
  const nodes = new Map(subtasks.map((subtask, index) => [subtask.id, { subtask, name: `s${index + 1}` }]));
  const staged = new Set(stages.flat());
  const node = (id: string) => {
    const found = nodes.get(id);
    return found === undefined ? [] : [`${found.name}["${label(found.subtask)}"]`];
  };
  const lines = [
    ...stages.flatMap((ids, index) => [
      `subgraph stage_${index + 1}["stage ${index + 1}"]`,
      ...ids.flatMap(node).map((line) => `  ${line}`),
      'end',
    ]),
    ...[...nodes.keys()].filter((id) => !staged.has(id)).flatMap(node),
    ...[...nodes.values()].flatMap(({ subtask, name }) =>
      [...new Set(subtask.dependencies)].flatMap((id) => {
        const before = nodes.get(id);
        return before === undefined ? [] : [`${before.name} --> ${name}`];
      }),
    ),
  ];
  return ['flowchart LR', ...lines.map((line) => `  ${line}`), ''].join('\n');
}

const label = ({ id, title, owner, minutes }: Subtask): string =>
  [id, title, `${owner}, ${minutes.max} min`].map(plain).join('<br/>');

/** Without the characters that end a label, or that begin something in it. */
const plain = (text: string): string =>
  text.replace(/[^\p{L}\p{N} .,_()/'!?+*=@$%-]/gu, (found) => `#${found.codePointAt(0)};`);
