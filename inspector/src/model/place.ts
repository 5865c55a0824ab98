import type { Intervention } from '../engine/protocol.ts';

/**
 * Where a person is: which run, which moment, which actor, which view. It stands in the address, so that a link
 * leads another person to the same place.
 */
export const views = [
  'floor',
  'actors',
  'sequence',
  'timeline',
  'queue',
  'plan',
  'log',
  'project',
  'gates',
  'health',
  'why',
  'scenario',
  'compare',
] as const;
export type View = (typeof views)[number];

export interface Place {
  /** The scenario of the gallery that runs. */
  readonly scenario: string | null;
  /** Or one that was edited, packed. */
  readonly text: string | null;
  readonly seed: number | null;
  /** The address of a live hub; and the token for it, which is read from a link and never written into one. */
  readonly hub: string | null;
  readonly token: string | null;
  /** Whether the scenario's humans decide the gates. */
  readonly humans: boolean;
  /** What was done to the run up to this moment. */
  readonly acts: readonly Intervention[];
  readonly view: View;
  /** `task:t1` */
  readonly actor: string | null;
  /** How many records are shown; null for the end. */
  readonly at: number | null;
}

export const nowhere: Place = {
  scenario: null,
  text: null,
  seed: null,
  hub: null,
  token: null,
  humans: true,
  acts: [],
  view: 'floor',
  actor: null,
  at: null,
};

/** @param hash as `location.hash` has it */
export function readPlace(hash: string): Place {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const view = params.get('view');
  return {
    scenario: params.get('scenario'),
    text: params.get('text'),
    humans: params.get('humans') !== 'no',
    acts: readActs(params.get('acts')),
    seed: wholeNumber(params.get('seed')),
    hub: params.get('hub'),
    token: params.get('token'),
    view: views.find((one) => one === view) ?? 'floor',
    actor: params.get('actor'),
    at: wholeNumber(params.get('at')),
  };
}

export function writePlace({ humans, acts, token: _token, ...place }: Place): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(place)) if (value !== null) params.set(key, String(value));
  if (!humans) params.set('humans', 'no');
  if (acts.length > 0) params.set('acts', writeActs(acts));
  return `#${params}`;
}

/** `[[afterSeq, afterStep, name, ...args], …]`, as short as JSON can be. */
export const writeActs = (acts: readonly Intervention[]): string =>
  JSON.stringify(
    acts.map(({ afterSeq, afterStep, command: { name, args } }) => [afterSeq, afterStep ?? null, name, ...args]),
  );

function readActs(text: string | null): readonly Intervention[] {
  let acts: unknown;
  try {
    acts = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(acts)) return [];
  return acts.flatMap((act: unknown): Intervention[] => {
    if (!Array.isArray(act)) return [];
    const [afterSeq, afterStep, name, ...args] = act;
    if (!Number.isSafeInteger(afterSeq) || typeof name !== 'string') return [];
    return [{ afterSeq, command: { name, args }, ...(Number.isSafeInteger(afterStep) && { afterStep }) }];
  });
}

function wholeNumber(text: string | null): number | null {
  const number = Number(text);
  return text !== null && text !== '' && Number.isSafeInteger(number) ? number : null;
}
