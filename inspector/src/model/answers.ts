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

/** How much longer than an answer took the worker is left alone before the next question; and how long at most, in ms. */
const rest = 3;
const longestRest = 500;

/**
 * The answer to a question that is asked anew whenever what it asks has changed. While the next one is on its way, the
 * last is given, with `isStale`; null before the first. One question is open at a time, and then the worker rests from
 * them: however fast the moment changes, most of its time goes into the run.
 */
export function useAnswer<N extends QuestionName>(
  run: Run,
  question: N,
  ask: Questions[N]['ask'],
): { readonly answer: Questions[N]['answer'] | null; readonly isStale: boolean } {
  useSignal(run.signal);
  const [known, setKnown] = useState<Known<N> | null>(null);
  const asking = useRef(false);
  const [, setRested] = useState(0);
  const key = JSON.stringify(ask);
  const current = known?.run === run ? known : null;
  useEffect(() => {
    if (current?.key === key || asking.current) return;
    asking.current = true;
    const askedAt = performance.now();
    run
      .ask(question, ask)
      .then((answer) => {
        setKnown({ run, key, answer });
        const restMs = Math.min(longestRest, rest * (performance.now() - askedAt));
        setTimeout(() => {
          asking.current = false;
          setRested((times) => times + 1);
        }, restMs);
      })
      .catch(() => {
        asking.current = false; // The run was closed meanwhile.
      });
  });
  return { answer: current?.answer ?? null, isStale: current?.key !== key };
}
