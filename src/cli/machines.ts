/** `xstate-hub machines`: the charts, as a person, Mermaid or a program reads them. */
import { parseArgs } from 'node:util';
import type { AnyStateMachine } from 'xstate';
import { machines as all } from '../machines/all.ts';
import { type ChartState, type ChartTransition, toJson, transitionLabel } from '../machines/description.ts';
import { toMermaid } from '../machines/mermaid.ts';
import { type Command, type Paint, painter, UsageError } from './command.ts';

const charts: ReadonlyMap<string, AnyStateMachine> = new Map<string, AnyStateMachine>(Object.entries(all));
const names = [...charts.keys()].join(', ');

export const machines: Command = {
  name: 'machines',
  summary: 'print the charts: every state and what leads where',
  usage: `Usage: xstate-hub machines [NAME] [--mermaid | --json]

Prints the charts of the hub, made from the code that runs.

  NAME       one of: ${names}. Default: all of them
  --mermaid  as a Mermaid state diagram; several come as Markdown, one block each
  --json     as JSON: states, transitions, guards and actions; several come as an array

Colours only in a terminal, and not when NO_COLOR is set.
`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { mermaid: { type: 'boolean' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [name, extra] = positionals;
    if (extra !== undefined) throw new UsageError(`one chart or all of them: "${extra}" is one too many`);
    if (values.mermaid && values.json) throw new UsageError('either --mermaid or --json');
    const chosen = [...charts.entries()].filter(([key]) => name === undefined || key === name);
    if (chosen.length === 0) throw new UsageError(`there is no chart "${name}"; the charts are ${names}`);

    const one = name !== undefined;
    if (values.json) {
      const descriptions = chosen.map(([, chart]) => toJson(chart));
      io.stdout.write(`${JSON.stringify(one ? descriptions[0] : descriptions, null, 2)}\n`);
    } else if (values.mermaid) {
      const diagrams = chosen.map(([key, chart]) =>
        one ? toMermaid(chart) : `### ${key}\n\n\`\`\`mermaid\n${toMermaid(chart)}\`\`\`\n`,
      );
      io.stdout.write(diagrams.join('\n'));
    } else {
      io.stdout.write(chosen.map(([, chart]) => outline(chart, painter(io))).join('\n'));
    }
    return 0;
  },
};

/** One line for each state and for each branch that leads out of it, indented by depth. */
function outline(chart: AnyStateMachine, paint: Paint): string {
  const { id, root, states } = toJson(chart);
  const lines = (state: ChartState, name: string, depth: number): string[] => {
    const begins = state.initial === null ? '' : paint('dim', `  begins in ${state.initial}`);
    const kind = state.type === 'final' ? paint('dim', '  final') : '';
    const margin = '  '.repeat(depth);
    return [
      `${margin}${paint('bold', name)}${begins}${kind}`,
      ...state.entry.map((action) => `${margin}  ${paint('dim', `on entry: ${action}`)}`),
      ...state.transitions.map((transition) => `${margin}  ${branch(transition)}`),
      ...state.exit.map((action) => `${margin}  ${paint('dim', `on exit: ${action}`)}`),
    ];
  };
  const branch = (transition: ChartTransition): string => {
    const { targets, actions } = transition;
    const target = targets.length === 0 ? '' : ` → ${paint('cyan', targets.join(' and '))}`;
    const action = actions.length === 0 ? '' : paint('dim', `  / ${actions.join(', ')}`);
    return `${transitionLabel(transition) || 'at once'}${target}${action}`;
  };
  const depthOf = ({ path }: ChartState): number => path.split('.').length;
  return [
    ...lines(root, id, 0),
    ...states.flatMap((state) => lines(state, state.path.split('.').at(-1) ?? '', depthOf(state))),
    '',
  ].join('\n');
}
