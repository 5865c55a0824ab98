/** Large teams: a mark an agent, in sectors by type; names where there is room for them. */
import { fitText, haloText, paintMark } from '../../ui/canvas.ts';
import { number } from '../../ui/number.ts';
import type { Palette } from '../../ui/palette.ts';
import type { Layout } from './layout.ts';
import type { Painting } from './paint.ts';
import { presences } from './scene.ts';

const later = presences.indexOf('later');
const gone = presences.indexOf('gone');

/** The ground of each sector, and its name at the rim. */
export function paintSectors({ context, palette, layout }: Painting): void {
  const { x, y } = layout.hub;
  context.fillStyle = palette.ink.surface;
  for (const { sector } of layout.groups) {
    if (sector === null) continue;
    context.beginPath();
    context.arc(x, y, sector.outer, sector.from, sector.from + sector.angle);
    context.arc(x, y, sector.inner, sector.from + sector.angle, sector.from, true);
    context.fill();
  }
  for (const { type, count, label } of layout.groups) {
    if (label === null) continue;
    context.textAlign = label.align;
    context.font = `600 12px ${palette.font}`;
    context.fillStyle = palette.ink.ink;
    haloText(context, fitText(context, type, label.width), label.x, label.y - 7, palette);
    context.font = `12px ${palette.font}`;
    context.fillStyle = palette.ink['ink-soft'];
    haloText(context, number(count), label.x, label.y + 8, palette);
  }
}

/**
 * The marks as they were painted last; what has changed since is painted over them. So a moment costs what it changed,
 * and not what the team is large.
 */
export class MarksLayer {
  readonly #canvas = document.createElement('canvas');
  #layout: Layout | null = null;
  #palette: Palette | null = null;
  #marks: Uint8Array = new Uint8Array();

  paint({ context, palette, layout, scene }: Painting): void {
    const layer = this.#canvas.getContext('2d');
    if (layer === null) return;
    const { width, height } = context.canvas;
    const isOther = layout !== this.#layout || palette !== this.#palette || this.#canvas.width !== width;
    if (isOther) {
      this.#canvas.width = width;
      this.#canvas.height = height;
      layer.setTransform(context.getTransform());
    }
    const inView = isOther ? visible(layout) : this.#changed(scene.marks);
    if (!isOther) wipe(layer, palette, layout, inView);
    paintAll(layer, palette, layout, scene.marks, inView);
    this.#layout = layout;
    this.#palette = palette;
    this.#marks = scene.marks;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = scene.lit === null ? 1 : 0.35;
    context.drawImage(this.#canvas, 0, 0);
    context.restore();
  }

  #changed(marks: Uint8Array): number[] {
    const changed: number[] = [];
    for (let index = 0; index < marks.length; index++) if (marks[index] !== this.#marks[index]) changed.push(index);
    return changed;
  }
}

function wipe(layer: CanvasRenderingContext2D, palette: Palette, { spots, radius }: Layout, inView: readonly number[]) {
  const half = radius * 1.1;
  layer.fillStyle = palette.ink.surface;
  for (const index of inView) {
    layer.fillRect((spots[2 * index] ?? 0) - half, (spots[2 * index + 1] ?? 0) - half, 2 * half, 2 * half);
  }
}

function paintAll(
  layer: CanvasRenderingContext2D,
  palette: Palette,
  layout: Layout,
  marks: Uint8Array,
  inView: readonly number[],
): void {
  const { spots, radius } = layout;
  for (const [code, presence] of presences.entries()) {
    if (code === gone) continue;
    layer.fillStyle = fillOf(palette, presence, radius);
    layer.strokeStyle = presence === 'later' || presence === 'gone' ? 'transparent' : palette.tone[presence];
    layer.lineWidth = 1;
    const size = sizeOf(code, radius);
    for (const index of inView) {
      if (marks[index] !== code) continue;
      const x = spots[2 * index] ?? 0;
      const y = spots[2 * index + 1] ?? 0;
      if (radius < 2.5) {
        layer.fillRect(x - size, y - size, 2 * size, 2 * size);
        continue;
      }
      layer.beginPath();
      layer.arc(x, y, size, 0, 2 * Math.PI);
      layer.fill();
      if (radius >= 5) layer.stroke();
    }
  }
  if (radius >= 5) paintSigns(layer, palette, layout, marks, inView);
}

/** Who is pointed at, selected or lit, and names when there is room for them. */
export function paintPicked(painting: Painting): void {
  const { layout, places, scene, selection, pointed } = painting;
  if (layout.radius >= 22) paintNames(painting, visible(layout));
  const picked = new Set([...(scene.lit?.parties ?? [])].slice(0, 40));
  if (selection?.startsWith('agent:')) picked.add(selection);
  if (pointed !== null) picked.add(`agent:${pointed}`);
  for (const party of picked) {
    const index = party.startsWith('agent:') ? places.indexOf(party.slice('agent:'.length)) : undefined;
    if (index !== undefined) paintPointed(painting, index, party === selection);
  }
}

/** Idle and absent agents are small, so that those who do something stand out without their colour. */
function sizeOf(code: number, radius: number): number {
  if (code === later) return Math.min(1, radius * 0.4);
  return code === 0 ? radius * 0.6 : radius;
}

function fillOf(palette: Palette, presence: (typeof presences)[number], radius: number): string {
  if (presence === 'later' || presence === 'gone') return palette.ink['line-strong'];
  return radius >= 9 || (radius >= 5 && presence !== 'work') ? palette.toneGround[presence] : palette.tone[presence];
}

function paintSigns(
  layer: CanvasRenderingContext2D,
  palette: Palette,
  { spots, radius }: Layout,
  marks: Uint8Array,
  inView: readonly number[],
): void {
  const size = Math.min(14, radius * 1.3);
  for (const index of inView) {
    const tone = presences[marks[index] ?? 0];
    if (tone === undefined || tone === 'idle' || tone === 'later' || tone === 'gone') continue;
    if (tone === 'work' && radius < 9) continue;
    paintMark(layer, tone, spots[2 * index] ?? 0, spots[2 * index + 1] ?? 0, size, palette.tone[tone]);
  }
}

function paintNames({ context, palette, layout: { order, spots, radius } }: Painting, inView: readonly number[]): void {
  context.font = `11px ${palette.font}`;
  context.textAlign = 'center';
  context.fillStyle = palette.ink.ink;
  for (const index of inView.slice(0, 400)) {
    const name = fitText(context, order[index]?.id ?? '', radius * 2.4);
    haloText(context, name, spots[2 * index] ?? 0, (spots[2 * index + 1] ?? 0) + Math.min(radius * 0.6, 20), palette);
  }
}

function paintPointed({ context, palette, layout }: Painting, index: number, isSelected: boolean): void {
  const x = layout.spots[2 * index] ?? 0;
  const y = layout.spots[2 * index + 1] ?? 0;
  const radius = Math.max(layout.radius, 3) + 3.5;
  context.strokeStyle = palette.ink.accent;
  context.lineWidth = isSelected ? 2.5 : 1.5;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
  context.font = `600 12px ${palette.font}`;
  context.textAlign = 'center';
  context.fillStyle = palette.ink.ink;
  haloText(context, layout.order[index]?.id ?? '', x, y - radius - 9, palette);
}

function visible({ spots, size, radius }: Layout): number[] {
  const inView: number[] = [];
  for (let index = 0; index < spots.length / 2; index++) {
    const x = spots[2 * index] ?? 0;
    const y = spots[2 * index + 1] ?? 0;
    if (x > -radius && y > -radius && x < size.width + radius && y < size.height + radius) inView.push(index);
  }
  return inView;
}
