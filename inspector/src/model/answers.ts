/** Answers of the worker about the moment that is shown, for components. */
import { useEffect, useRef, useState } from 'react';
import type { QuestionName, Questions } from '../engine/protocol.ts';
import { useSignal } from './hooks.ts';
import type { Run } from './run.ts';

interface Known<N extends QuestionName> {
  readonly run: Run;
  readonly key: string;
  readonly answer: Questions[N]['answer'];
}

/**
 * The answer to a question that is asked anew whenever what it asks has changed. While the next one is on its way, the
 * last is given, with `isStale`; null before the first. One question is open at a time: however fast the moment
 * changes, the worker has no more to do than it can.
 */
export function useAnswer<N extends QuestionName>(
  run: Run,
  question: N,
  ask: Questions[N]['ask'],
): { readonly answer: Questions[N]['answer'] | null; readonly isStale: boolean } {
  useSignal(run.signal);
  const [known, setKnown] = useState<Known<N> | null>(null);
  const asking = useRef(false);
  const key = JSON.stringify(ask);
  const current = known?.run === run ? known : null;
  useEffect(() => {
    if (current?.key === key || asking.current) return;
    asking.current = true;
    run
      .ask(question, ask)
      .then((answer) => {
        asking.current = false;
        setKnown({ run, key, answer });
      })
      .catch(() => {
        asking.current = false; // The run was closed meanwhile.
      });
  });
  return { answer: current?.answer ?? null, isStale: current?.key !== key };
}
