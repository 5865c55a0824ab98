/** A bug that is put in on purpose, to see that the simulator finds it. */
import type { Seams } from '../seams.ts';

export interface PlantedBug {
  readonly name: string;
  /** What is wrong, in words. */
  readonly what: string;
  readonly seams: Seams;
}

type Method<T, K extends keyof T> = T[K] extends (...args: infer A) => infer R ? (...args: A) => R : never;

/** Replaces a method for all objects of a class; the answer puts the old one back. */
export function patch<T extends object, K extends keyof T & string>(
  prototype: T,
  name: K,
  make: (before: Method<T, K>) => (this: T, ...args: Parameters<Method<T, K>>) => ReturnType<Method<T, K>>,
): () => void {
  const before = prototype[name];
  Object.defineProperty(prototype, name, { value: make(before as Method<T, K>), configurable: true, writable: true });
  return () => Object.defineProperty(prototype, name, { value: before, configurable: true, writable: true });
}
