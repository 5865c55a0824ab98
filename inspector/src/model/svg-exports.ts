/**
 * Pictures that can be exported as SVG: a view says how its own is made; of another one, what stands in its place is
 * taken, a drawing as it is and a canvas as an image.
 */
import { useEffect } from 'react';
import type { View } from './place.ts';

type Make = () => string | null;

const makers = new Map<View, Make>();

/** Gives a view's picture as SVG text while the view is there; null when there is nothing to take. */
export function useSvgExport(view: View, make: Make): void {
  useEffect(() => {
    makers.set(view, make);
    return () => {
      if (makers.get(view) === make) makers.delete(view);
    };
  }, [view, make]);
}

/** The picture of the view that is shown; null when it has none. */
export function svgOf(view: View): string | null {
  const made = makers.get(view)?.();
  if (made !== undefined) return made;
  const drawings = [...document.querySelectorAll<SVGSVGElement | HTMLCanvasElement>('main.view svg, main.view canvas')];
  const largest = drawings.reduce<(typeof drawings)[number] | null>(
    (most, one) => (most === null || areaOf(one) > areaOf(most) ? one : most),
    null,
  );
  if (largest === null || areaOf(largest) < leastArea) return null;
  return largest instanceof HTMLCanvasElement ? svgOfCanvas(largest) : svgOfDrawing(largest);
}

/** Smaller ones are signs, and no pictures. In px. */
const leastArea = 20_000;

function areaOf(element: Element): number {
  const { width, height } = element.getBoundingClientRect();
  return width * height;
}

function svgOfCanvas(canvas: HTMLCanvasElement): string {
  const { width, height } = canvas.getBoundingClientRect();
  const ground = getComputedStyle(document.body).backgroundColor;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" fill="${ground}"/>`,
    `<image width="${width}" height="${height}" href="${canvas.toDataURL('image/png')}"/>`,
    '</svg>',
  ].join('');
}

/** What a style sheet says to a drawing is not in the file: so it is written down beside each part. */
const inlined = [
  ...['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-family', 'font-size', 'font-weight'],
  ...['text-anchor', 'dominant-baseline', 'color'],
];

/** Several drawings under each other, each with its name above it. */
export function svgOfAll(drawings: readonly { readonly title: string; readonly drawing: SVGSVGElement }[]): string {
  const { fontFamily, color, backgroundColor } = getComputedStyle(document.body);
  const gap = 48;
  let y = gap;
  const parts = drawings.map(({ title, drawing }) => {
    const text = document.createElementNS('http://www.w3.org/2000/svg', 'text');
    text.textContent = title;
    const place = `<g transform="translate(24 ${y})">${svgOfDrawing(drawing)}</g>`;
    text.setAttribute('x', '24');
    text.setAttribute('y', String(y - 12));
    text.setAttribute('fill', color);
    text.setAttribute('font-family', fontFamily);
    y += drawing.getBoundingClientRect().height + gap;
    return new XMLSerializer().serializeToString(text) + place;
  });
  const width = Math.max(...drawings.map(({ drawing }) => drawing.getBoundingClientRect().width)) + 48;
  const ground = `<rect width="100%" height="100%" fill="${backgroundColor}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}">${ground}${parts.join('')}</svg>`;
}

function svgOfDrawing(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const [parts, copies] = [drawing, copy].map((of) => [of, ...of.querySelectorAll<SVGElement>('*')]);
  for (const [index, part] of (parts ?? []).entries()) {
    const style = getComputedStyle(part);
    const own = copies?.[index];
    for (const name of inlined) own?.style.setProperty(name, style.getPropertyValue(name));
  }
  const { width, height } = drawing.getBoundingClientRect();
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.style.background = getComputedStyle(document.body).backgroundColor;
  return new XMLSerializer().serializeToString(copy);
}
