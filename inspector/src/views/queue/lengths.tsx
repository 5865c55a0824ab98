import { useMemo } from 'react';
import type { Run } from '../../model/run.ts';

const most = 240;

interface Sample {
  readonly seq: number;
  readonly length: number;
}

/** How long the queue was over the run, at so many records as can be told apart. */
export function useLengths(run: Run): { readonly samples: readonly Sample[]; readonly longest: Sample } {
  const { head } = run;
  return useMemo(() => {
    const count = Math.min(most, head + 1);
    const samples = Array.from({ length: count }, (_, index) => {
      const seq = Math.round((index * head) / Math.max(1, count - 1));
      return { seq, length: run.queueLengths.at(seq) };
    });
    return { samples, longest: samples.reduce((a, b) => (b.length > a.length ? b : a), { seq: 0, length: 0 }) };
  }, [run, head]);
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
    <button
      type="button"
      className="lengths"
      aria-label={`Length of the queue; longest at record ${longest.seq} with ${longest.length}. Go there`}
      onClick={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect();
        const isByKey = event.detail === 0;
        run.seek(isByKey ? longest.seq : ((event.clientX - left) / width) * head);
      }}
    >
      <svg viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">
        <path className="area" d={`M0 30V${y(0)}${steps}V30Z`} />
        <path className="edge" d={`M0 ${y(0)}${steps}`} vectorEffect="non-scaling-stroke" />
        <path className="moment" d={`M${x(position)} 0V30`} vectorEffect="non-scaling-stroke" />
      </svg>
      <span className="mono soft">{longest.length}</span>
    </button>
  );
}
