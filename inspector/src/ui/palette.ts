/** The page's colours for canvases: as the style sheet has them at this moment, light or dark. */
import { useEffect, useState } from 'react';
import type { Tone } from '../model/tone.ts';

const inks = [
  'ground',
  'surface',
  'raised',
  'sunken',
  'ink',
  'ink-soft',
  'line',
  'line-strong',
  'accent',
  'accent-ground',
] as const;
const toneNames = ['idle', 'work', 'ask', 'human', 'held', 'done', 'trouble'] as const satisfies readonly Tone[];

export interface Palette {
  readonly ink: { readonly [ink in (typeof inks)[number]]: string };
  readonly tone: { readonly [tone in Tone]: string };
  readonly toneGround: { readonly [tone in Tone]: string };
  readonly font: string;
  readonly mono: string;
}

function readPalette(): Palette {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.transitionProperty = 'none'; // Else a colour is read on its way from the one before.
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const all = <N extends string>(names: readonly N[], suffix = '') =>
    Object.fromEntries(names.map((name) => [name, colour(name + suffix)])) as { readonly [name in N]: string };
  const palette = { ink: all(inks), tone: all(toneNames), toneGround: all(toneNames, '-ground') };
  probe.style.fontFamily = 'var(--font)';
  const font = getComputedStyle(probe).fontFamily;
  probe.style.fontFamily = 'var(--mono)';
  const mono = getComputedStyle(probe).fontFamily;
  probe.remove();
  return { ...palette, font, mono };
}

export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const again = () => setPalette(readPalette());
    const machine = matchMedia('(prefers-color-scheme: dark)');
    const chosen = new MutationObserver(again);
    machine.addEventListener('change', again);
    chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      machine.removeEventListener('change', again);
      chosen.disconnect();
    };
  }, []);
  return palette;
}
