/** An array whose elements are made when they are asked for. */
export function lazyList<T>(length: () => number, get: (index: number) => T | undefined): readonly T[] {
  const isIndex = (key: string | symbol): boolean =>
    typeof key === 'string' && key.length > 0 && key.charCodeAt(0) >= 48 && key.charCodeAt(0) <= 57;
  return new Proxy<readonly T[]>([], {
    get(target, key) {
      if (isIndex(key)) return Number(key) < length() ? get(Number(key)) : undefined;
      if (key === 'length') return length();
      return Reflect.get(target, key);
    },
    has: (target, key) => (isIndex(key) ? Number(key) < length() : Reflect.has(target, key)),
  });
}
