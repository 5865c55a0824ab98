/** The mark of each tone, drawn in a box of 12 by 12: on the page and on canvases alike. */
import type { Tone } from '../model/tone.ts';

interface MarkShape {
  readonly path: string;
  /** Of its line; null when it is filled. */
  readonly line: number | null;
}

export const markShapes: { readonly [tone in Tone]: MarkShape } = {
  idle: { path: 'M10 6a4 4 0 1 1-8 0 4 4 0 0 1 8 0z', line: 1.5 },
  work: { path: 'M10.5 6a4.500 4.500 0 1 1-9 0 4.500 4.500 0 0 1 9 0z', line: null },
  ask: {
    path: 'M3.500 4.400C3.600 2.600 4.600 1.700 6 1.700c1.500 0 2.500.9 2.500 2.200 0 1.900-2.400 1.900-2.400 3.700M6 9.800v.4',
    line: 1.8,
  },
  human: { path: 'M3 11V1.500h6.500L7.800 4l1.700 2.500H4.300V11z', line: null },
  held: { path: 'M2.500 1.500h2.500v9H2.500zM7 1.500h2.500v9H7z', line: null },
  done: { path: 'm2 6.500 2.700 2.700L10 3.300', line: 2 },
  trouble: { path: 'm2.500 2.500 7 7m0-7-7 7', line: 2 },
};
