import { types } from 'node:util';
import { Actor } from 'xstate';

/** Every object that can be reached from `root` over own properties, prototypes, maps and sets, with how. */
export function reachable(root: unknown): Map<object, string> {
  const found = new Map<object, string>();
  const visit = (value: unknown, path: string) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || found.has(value)) return;
    found.set(value, path);
    for (const key of Reflect.ownKeys(value)) {
      const { value: field, get } = Object.getOwnPropertyDescriptor(value, key) ?? {};
      visit(field, `${path}.${String(key)}`);
      visit(get, `${path}.get ${String(key)}`);
    }
    visit(Object.getPrototypeOf(value), `${path}.prototype`);
    if (types.isMap(value)) for (const [key, field] of value) visit([key, field], `${path}.entry`);
    if (types.isSet(value)) for (const field of value) visit(field, `${path}.member`);
  };
  visit(root, 'it');
  return found;
}

/** How an actor or an actor system can be reached from `root`; empty when there is no way. */
export function waysToActors(root: unknown): string[] {
  return [...reachable(root)].filter(([value]) => value instanceof Actor || isSystem(value)).map(([, path]) => path);
}

const isSystem = (value: object): boolean => '_sendInspectionEvent' in value || '_relay' in value;
