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
] as const;
export type View = (typeof views)[number];

export interface Place {
  /** The scenario of the gallery that runs. */
  readonly scenario: string | null;
  readonly seed: number | null;
  readonly view: View;
  /** `task:t1` */
  readonly actor: string | null;
  /** How many records are shown; null for the end. */
  readonly at: number | null;
}

export const nowhere: Place = { scenario: null, seed: null, view: 'floor', actor: null, at: null };

/** @param hash as `location.hash` has it */
export function readPlace(hash: string): Place {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const view = params.get('view');
  return {
    scenario: params.get('scenario'),
    seed: wholeNumber(params.get('seed')),
    view: views.find((one) => one === view) ?? 'floor',
    actor: params.get('actor'),
    at: wholeNumber(params.get('at')),
  };
}

export function writePlace(place: Place): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(place)) if (value !== null) params.set(key, String(value));
  return `#${params}`;
}

function wholeNumber(text: string | null): number | null {
  const number = Number(text);
  return text !== null && text !== '' && Number.isSafeInteger(number) ? number : null;
}
