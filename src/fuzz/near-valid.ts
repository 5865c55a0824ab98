/** What would be right, but for a few changes: the nonsense that comes furthest. */
import fc from 'fast-check';
import { type Description, key, nonsense } from './nonsense.ts';

interface Change {
  /** Which place of the whole, counted in the order in which it is written. */
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add' | 'rename' | 'wrap' | 'repeat' | 'trap' | 'retype';
  readonly what: Description;
  readonly name: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(60),
  how: fc.constantFrom('replace', 'replace', 'remove', 'add', 'rename', 'wrap', 'repeat', 'trap', 'retype'),
  what: nonsense,
  name: key,
});

/** The examples, a few of them untouched, most of them changed in one to three places. */
export const nearValid = <T extends Description>(examples: readonly T[]): fc.Arbitrary<Description> =>
  fc
    .tuple(fc.constantFrom(...examples), fc.array(change, { maxLength: 3 }))
    .map(([example, changes]) =>
      changes.reduce((value, one) => changed(value, one), structuredClone(example) as Description),
    );

type Parent = { [key: string]: Description } | Description[];

function changed(whole: Description, { at, how, what, name }: Change): Description {
  const root = { whole };
  const places: { parent: Parent; key: string }[] = [];
  const visit = (parent: Parent, key: string) => {
    places.push({ parent, key });
    const value = (parent as { [key: string]: Description })[key];
    if (typeof value !== 'object' || value === null || '$' in value) return;
    for (const child of Object.keys(value)) visit(value as Parent, child);
  };
  visit(root, 'whole');
  const place = places[at % places.length];
  if (place === undefined) return whole;
  const { parent, key: here } = place;
  const holder = parent as { [key: string]: Description };
  const value = holder[here];
  const put = (to: { [key: string]: Description }, field: string, given: Description) =>
    Object.defineProperty(to, field, { value: given, enumerable: true, configurable: true, writable: true });
  switch (how) {
    case 'replace':
      put(holder, here, what);
      break;
    case 'remove':
      if (Array.isArray(parent)) parent.splice(Number(here), 1);
      else delete holder[here];
      break;
    case 'add':
      if (Array.isArray(value)) value.push(what);
      else if (typeof value === 'object' && value !== null && !('$' in value)) put(value as never, name, what);
      else put(holder, here, { [name]: value });
      break;
    case 'rename':
      if (Array.isArray(parent) || parent === root) break;
      delete holder[here];
      put(holder, name, value);
      break;
    case 'wrap':
      put(holder, here, [value]);
      break;
    case 'repeat':
      if (Array.isArray(value)) value.push(...value);
      else if (typeof value === 'string') put(holder, here, value.repeat(50));
      break;
    case 'trap':
      put(holder, here, { $: parent === root ? 'getter' : 'trap' });
      break;
    case 'retype':
      put(
        holder,
        here,
        typeof value === 'number' ? String(value) : typeof value === 'string' ? Number(value) : `${Boolean(value)}`,
      );
  }
  return root.whole;
}
