/**
 * A chart as a Mermaid state diagram.
 *
 * - V2 nothing that changes the state is left out. What only acts and stays is in a note beside its state.
 * - V3 a transition of a state into its own inside is drawn from each of its states: Mermaid loses an arrow from a
 *   frame into itself. Final states and states that are left at once have none, as they never take it.
 */
import type { AnyStateMachine } from 'xstate';
import {
  type ChartDescription,
  type ChartState,
  type ChartTransition,
  toJson,
  transitionLabel,
} from './description.ts';

/** The text of a `stateDiagram-v2`: the same text for the same chart. */
export function toMermaid(machine: AnyStateMachine): string {
  return ['stateDiagram-v2', ...indent(new Drawing(toJson(machine)).lines()), ''].join('\n');
}

/** Names that Mermaid takes for something else than a state; it also trips over those that every object has. */
const reserved = new Set(
  'accDescr accTitle class classDef click default href note root scale state stateDiagram style'.split(' '),
);

class Drawing {
  readonly #id: string;
  readonly #root: ChartState;
  readonly #states: readonly ChartState[];
  readonly #arrows = new Map<string, Arrow[]>();

  constructor({ id, root, states }: ChartDescription) {
    this.#id = id;
    this.#root = root;
    this.#states = states;
    for (const state of [root, ...states]) {
      for (const arrow of this.#arrowsOf(state)) {
        const scope = commonParent(arrow.from, arrow.to);
        this.#arrows.set(scope, [...(this.#arrows.get(scope) ?? []), arrow]);
      }
    }
  }

  /** The chart itself is drawn only when it needs a note. */
  lines(): string[] {
    return note(this.#root).length === 0 ? this.#inside(this.#root) : this.#declare(this.#root, this.#id);
  }

  /** The lines between the braces of `state`. */
  #inside(state: ChartState): string[] {
    const children = this.#childrenOf(state);
    const between = state.type === 'parallel' ? ['--'] : [];
    return [
      ...(state.initial === null ? [] : [`[*] --> ${idOf(state.initial)}`]),
      ...children.flatMap((child, index) => [...(index > 0 ? between : []), ...this.#declare(child)]),
      ...grouped(this.#arrows.get(state.path) ?? []),
      ...children.flatMap((child) => (child.type === 'final' ? [`${idOf(child.path)} --> [*]`] : [])),
    ];
  }

  #declare(state: ChartState, name = keyOf(state.path)): string[] {
    const head = `state "${plain(name)}" as ${idOf(state.path)}`;
    const inside = this.#inside(state);
    return [...(inside.length === 0 ? [head] : [`${head} {`, ...indent(inside), '}']), ...note(state)];
  }

  #childrenOf({ path }: ChartState): readonly ChartState[] {
    return this.#states.filter((state) => parentOf(state.path) === path);
  }

  #arrowsOf(state: ChartState): Arrow[] {
    return state.transitions.flatMap((transition) =>
      transition.targets.flatMap((to) =>
        this.#sources(state, to, transition).map((from) => ({ from, to, label: labelOf(transition) })),
      ),
    );
  }

  /** V3: where the arrow of `transition` begins. */
  #sources(state: ChartState, to: string, transition: ChartTransition): string[] {
    if (to === state.path || !isWithin(to, state.path)) return [state.path];
    return this.#childrenOf(state)
      .filter((child) => canTake(child, transition))
      .flatMap((child) => this.#sources(child, to, transition));
  }
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** One arrow for all that leads from one state to the same other one. */
function grouped(arrows: readonly Arrow[]): string[] {
  const labels = new Map<string, string[]>();
  for (const { from, to, label } of arrows) {
    const line = `${idOf(from)} --> ${idOf(to)}`;
    labels.set(line, [...(labels.get(line) ?? []), ...(label === '' ? [] : [label])]);
  }
  return [...labels].map(([line, texts]) => (texts.length === 0 ? line : `${line} : ${texts.join('<br/>')}`));
}

function note({ path, transitions, entry, exit }: ChartState): string[] {
  const lines = [
    ...entry.map((action) => `entry / ${action}`),
    ...transitions
      .filter(({ targets }) => targets.length === 0)
      .map((transition) =>
        [transitionLabel(transition), transition.actions.join(', ')].filter((text) => text !== '').join(' / '),
      ),
    ...exit.map((action) => `exit / ${action}`),
  ].map(plain);
  return lines.length === 0 ? [] : [`note right of ${idOf(path)}`, ...indent(lines), 'end note'];
}

/** A child that answers the event itself, whatever happens, keeps it from its parent. */
function canTake(child: ChartState, { event }: ChartTransition): boolean {
  if (child.type === 'final' || child.type === 'history') return false;
  const isSure = (own: ChartTransition) => own.guard === null;
  return !child.transitions.some((own) => isSure(own) && (own.event === event || own.event === null));
}

const labelOf = (transition: ChartTransition): string => plain(transitionLabel(transition));

/** Without the characters that end a label in Mermaid. */
const plain = (text: string): string =>
  text.replace(/"/g, "'").replace(/[:;#\n]/g, (found) => `#${found.charCodeAt(0)};`);

/** A different name for each path, of letters, digits and underscores. */
function idOf(path: string): string {
  if (path === '') return '_chart';
  const id = path.replace(/[^A-Za-z0-9]/g, (sign) => (sign === '.' ? '_' : `_${sign.charCodeAt(0)}_`));
  return reserved.has(id) || id in {} ? `${id}_` : id;
}
const keyOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));
const isWithin = (path: string, ancestor: string): boolean =>
  ancestor === '' || path === ancestor || path.startsWith(`${ancestor}.`);

/** The innermost state that holds both; for a state and itself its parent. */
function commonParent(a: string, b: string): string {
  let scope = parentOf(a);
  while (!isWithin(parentOf(b), scope)) scope = parentOf(scope);
  return scope;
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
