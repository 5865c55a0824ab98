/** Large teams: a mark an agent, in sectors by type; names where there is room for them. */
import { fitText, haloText, paintMark } from '../../ui/canvas.ts';
import type { Palette } from '../../ui/palette.ts';
import type { Layout } from './layout.ts';
import type { Painting } from './paint.ts';
import { presences } from './scene.ts';

const later = presences.indexOf('later');
const gone = presences.indexOf('gone');

/** Names of the sectors, at the rim. */
export function paintSectors({ context, palette, layout }: Painting): void {
  for (const { type, count, label } of layout.groups) {
    if (label === null) continue;
    context.textAlign = label.align;
    context.font = `600 12px ${palette.font}`;
    context.fillStyle = palette.ink.ink;
    haloText(context, fitText(context, type, label.width), label.x, label.y - 7, palette);
    context.font = `12px ${palette.font}`;
    context.fillStyle = palette.ink['ink-soft'];
    haloText(context, count.toLocaleString('en'), label.x, label.y + 8, palette);
  }
}

export function paintMarks(painting: Painting): void {
  const { context, palette, layout, scene, selection, pointed } = painting;
  const { order, spots, radius } = layout;
  const inView = visible(layout);
  const isDimmed = scene.lit !== null;
  context.globalAlpha = isDimmed ? 0.35 : 1;
  for (const [code, presence] of presences.entries()) {
    if (code === gone) continue;
    context.beginPath();
    for (const index of inView) {
      if (scene.marks[index] !== code) continue;
      const x = spots[2 * index] ?? 0;
      const y = spots[2 * index + 1] ?? 0;
      const size = sizeOf(code, radius);
      if (radius < 2.5) context.rect(x - size, y - size, 2 * size, 2 * size);
      else {
        context.moveTo(x + size, y);
        context.arc(x, y, size, 0, 2 * Math.PI);
      }
    }
    paintPath(context, palette, presence, radius);
  }
  if (radius >= 5) paintSigns(painting, inView);
  context.globalAlpha = 1;
  if (radius >= 22) paintNames(painting, inView);
  for (const [index, { id }] of order.entries()) {
    const isSelected = selection === `agent:${id}`;
    const isLit = scene.lit?.parties.has(`agent:${id}`) === true;
    if (isSelected || isLit || pointed === id) paintPointed(painting, index, isSelected);
  }
}

/** Idle and absent agents are small, so that those who do something stand out without their colour. */
function sizeOf(code: number, radius: number): number {
  if (code === later) return Math.min(1, radius * 0.4);
  return code === 0 ? radius * 0.6 : radius;
}

function paintPath(
  context: CanvasRenderingContext2D,
  palette: Palette,
  presence: (typeof presences)[number],
  radius: number,
): void {
  if (presence === 'later' || presence === 'gone') {
    context.fillStyle = palette.ink['line-strong'];
    context.fill();
    return;
  }
  const isRoomy = radius >= 5;
  context.fillStyle = isRoomy && presence !== 'work' ? palette.toneGround[presence] : palette.tone[presence];
  context.fill();
  if (!isRoomy) return;
  context.strokeStyle = palette.tone[presence];
  context.lineWidth = 1;
  context.stroke();
}

function paintSigns({ context, palette, layout: { spots, radius }, scene }: Painting, inView: readonly number[]): void {
  for (const index of inView) {
    const tone = presences[scene.marks[index] ?? 0];
    if (tone === undefined || tone === 'idle' || tone === 'work' || tone === 'later' || tone === 'gone') continue;
    paintMark(
      context,
      tone,
      spots[2 * index] ?? 0,
      spots[2 * index + 1] ?? 0,
      Math.min(14, radius * 1.3),
      palette.tone[tone],
    );
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
