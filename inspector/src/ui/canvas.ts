/** What every canvas of the page needs: its size in px, sharp on any screen. */
import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Tone } from '../model/tone.ts';
import { markShapes } from './mark-shapes.ts';
import type { Palette } from './palette.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of an element, and again when it changes. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = current;
      setSize((known) => (known.width === width && known.height === height ? known : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** The canvas in the size of its place, cleared, with one unit a CSS px; null when it cannot be drawn on. */
export function prepare(canvas: HTMLCanvasElement, { width, height }: Size): CanvasRenderingContext2D | null {
  const scale = devicePixelRatio;
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext('2d');
  context?.setTransform(scale, 0, 0, scale, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

let paths: { readonly [tone in Tone]: Path2D } | undefined;

/** @param size of its box, in px */
export function paintMark(
  context: CanvasRenderingContext2D,
  tone: Tone,
  x: number,
  y: number,
  size: number,
  colour: string,
): void {
  paths ??= Object.fromEntries(
    Object.entries(markShapes).map(([name, { path }]) => [name, new Path2D(path)]),
  ) as unknown as NonNullable<typeof paths>;
  const { line } = markShapes[tone];
  context.save();
  context.translate(x - size / 2, y - size / 2);
  context.scale(size / 12, size / 12);
  if (line === null) {
    context.fillStyle = colour;
    context.fill(paths[tone]);
  } else {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.lineCap = 'round';
    context.stroke(paths[tone]);
  }
  context.restore();
}

const measured = new Map<string, string>();

/** As much of a text as fits, with an ellipsis where it was cut. */
export function fitText(context: CanvasRenderingContext2D, text: string, width: number): string {
  const key = `${context.font} ${Math.round(width)} ${text}`;
  const known = measured.get(key);
  if (known !== undefined) return known;
  if (measured.size > 5_000) measured.clear();
  const fitted = cut(context, text, width);
  measured.set(key, fitted);
  return fitted;
}

function cut(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${text.slice(0, low).trimEnd()}…`;
}

/** Text with the ground behind it, so that lines do not run through the letters. */
export function haloText(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  { ink }: Palette,
): void {
  const { fillStyle } = context;
  context.strokeStyle = ink.ground;
  context.lineWidth = 4;
  context.lineJoin = 'round';
  context.strokeText(text, x, y);
  context.fillStyle = fillStyle;
  context.fillText(text, x, y);
}
