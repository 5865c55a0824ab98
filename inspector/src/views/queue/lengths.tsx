import { useMemo } from 'react';
import type { Run } from '../../model/run.ts';
import { number } from '../../ui/number.ts';

const most = 240;

interface Sample {
  readonly seq: number;
  readonly length: number;
}

interface Lengths {
  /** Each from a record on to before the next: the longest that it was meanwhile. */
  readonly samples: readonly Sample[];
  readonly longest: Sample;
}

/** How long the queue was over the run, for so many parts as can be told apart. */
export function lengthsOf({ head, queueLengths }: Pick<Run, 'head' | 'queueLengths'>): Lengths {
  const count = Math.min(most, head + 1);
  const startOf = (index: number) => Math.round((index * head) / Math.max(1, count - 1));
  let longest = { seq: 0, length: 0 };
  const samples = Array.from({ length: count }, (_, index) => {
    const seq = startOf(index);
    const peak = queueLengths.longestIn(seq, Math.min(head, startOf(index + 1) - 1));
    if (peak.length > longest.length) longest = peak;
    return { seq, length: peak.length };
  });
  return { samples, longest };
}

export function useLengths(run: Run): Lengths {
  const { head } = run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what a run knows grows with its head
  return useMemo(() => lengthsOf(run), [run, head]);
}

/** The same, drawn; a click goes there. */
export function Lengths({ run }: { readonly run: Run }) {
  const { samples, longest } = useLengths(run);
  const { head, position } = run;
  if (longest.length === 0) return null;
  const x = (seq: number) => (100 * seq) / Math.max(1, head);
  const y = (length: number) => 30 - (28 * length) / longest.length;
  const steps = samples.map(({ seq, length }) => `H${x(seq)}V${y(length)}`).join('');
  return (
    <div className="lengths-place">
      <button
        type="button"
        className="lengths"
        aria-label={`Length of the queue; longest at record ${number(longest.seq)} with ${number(longest.length)}. Go there`}
        onClick={(event) => {
          const drawing = event.currentTarget.firstElementChild ?? event.currentTarget;
          const { left, width } = drawing.getBoundingClientRect();
          const isByKey = event.detail === 0;
          run.seek(isByKey ? longest.seq : ((event.clientX - left) / width) * head);
        }}
      >
        <svg viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">
          <path className="area" d={`M0 30V${y(0)}${steps}V30Z`} />
          <path className="edge" d={`M0 ${y(0)}${steps}`} vectorEffect="non-scaling-stroke" />
          <path className="moment" d={`M${x(position)} 0V30`} vectorEffect="non-scaling-stroke" />
        </svg>
        <span className="mono soft">{number(longest.length)}</span>
      </button>
      <span className="lengths-axis mono soft">
        record 0 <span>{number(head)}</span>
      </span>
    </div>
  );
}
