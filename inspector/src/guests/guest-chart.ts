/** The chart of a guest's actor, from the definition that its tool sends: XState v4's or v5's. */

/** A state of a chart, with those inside it. */
export interface GuestState {
  readonly key: string;
  /** From the top, dotted; empty for the chart itself. */
  readonly path: string;
  /** The types of the events that it takes. */
  readonly events: readonly string[];
  readonly states: readonly GuestState[];
}

interface Definition {
  readonly on?: unknown;
  readonly states?: unknown;
}

const deepest = 32;

/** @param definition anything: what is not a chart has no states */
export function guestChart(definition: unknown, key = '', path = '', depth = 0): GuestState {
  const { on, states } = (isObject(definition) ? definition : {}) as Definition;
  return {
    key,
    path,
    events: isObject(on) ? Object.keys(on).filter((type) => type !== '') : [],
    states:
      isObject(states) && depth < deepest
        ? Object.entries(states).map(([name, inner]) =>
            guestChart(inner, name, path === '' ? name : `${path}.${name}`, depth + 1),
          )
        : [],
  };
}

/** The paths of all active states: `{ a: 'b' }` is in `a` and in `a.b`. */
export function activePaths(value: unknown, path = ''): string[] {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  if (typeof value === 'string') return [at(value)];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [at(key), ...activePaths(inner, at(key))]);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
