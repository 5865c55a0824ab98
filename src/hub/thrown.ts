/** What somebody threw, in words; it need not be an Error, and even to look at it can throw. */
export function describe(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return String(thrown.message || thrown.name);
    const { message } = Object(thrown) as { readonly message?: unknown };
    return typeof message === 'string' && message !== '' ? message : String(thrown);
  } catch {
    return 'something that cannot be shown was thrown';
  }
}

/** As `instanceof`; even that can throw for what is foreign. */
export function isKind<T>(thrown: unknown, kind: new (...args: never[]) => T): thrown is T {
  try {
    return thrown instanceof kind;
  } catch {
    return false;
  }
}

/** Refuses a promise where an answer is wanted at once, and sees to it that nobody misses its rejection. */
export function refusePromise(answer: unknown): void {
  if (!(answer instanceof Promise)) return;
  answer.catch(() => {});
  throw new Error('it answered with a promise, and is asked for its answer at once');
}
