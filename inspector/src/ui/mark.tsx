/** A state as mark and word: the shape says as much as the colour. */
import type { Tone } from '../model/tone.ts';
import { markShapes } from './mark-shapes.ts';

export function Mark({ tone }: { readonly tone: Tone }) {
  const { path, line } = markShapes[tone];
  return (
    <svg className={`mark tone-${tone}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path
        d={path}
        fill={line === null ? 'currentColor' : 'none'}
        stroke={line === null ? 'none' : 'currentColor'}
        strokeWidth={line ?? 0}
        strokeLinecap="round"
      />
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
