/** A state as mark and word: the shape says as much as the colour. */
import type { Tone } from '../model/tone.ts';

/** Drawn in a box of 12 by 12. */
const shapes: { readonly [tone in Tone]: React.ReactNode } = {
  idle: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  work: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  ask: (
    <path
      d="M3.5 4.4C3.6 2.6 4.6 1.7 6 1.7c1.500 0 2.500 .9 2.500 2.200 0 1.900-2.400 1.900-2.400 3.700M6 9.300v1.300"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
    />
  ),
  human: <path d="M3 11V1.500h6.500L7.800 4l1.700 2.500H4.300V11z" fill="currentColor" />,
  done: (
    <path d="m2 6.500 2.700 2.700L10 3.300" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
  ),
  trouble: <path d="m2.500 2.500 7 7m0-7-7 7" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
};

export function Mark({ tone }: { readonly tone: Tone }) {
  return (
    <svg className={`mark tone-${tone}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {shapes[tone]}
    </svg>
  );
}

export function StateLabel({ tone, children }: { readonly tone: Tone; readonly children: React.ReactNode }) {
  return (
    <span className={`state-label tone-${tone}`}>
      <Mark tone={tone} />
      {children}
    </span>
  );
}
