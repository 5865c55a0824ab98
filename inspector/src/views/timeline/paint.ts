/** Draws the lanes: only the rows that are in sight, and of each row only what is wide enough to be seen. */
import type { LaneRow } from '../../model/lanes.ts';
import type { Run } from '../../model/run.ts';
import { isEnd, type Span, spansOf } from '../../model/spans.ts';
import { calledIn } from '../../model/talks.ts';
import type { TimeScale } from '../../model/time-scale.ts';
import { toneOf, wordsOf } from '../../model/tone.ts';
import { fitText, paintMark, type Size } from '../../ui/canvas.ts';
import type { Palette } from '../../ui/palette.ts';
import { clock, length, timelyName } from '../../ui/time.ts';

export const rowHeight = 26;
export const axisHeight = 28;

/** What of the line is in sight: places on the scale. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface Scene {
  readonly run: Run;
  readonly rows: readonly LaneRow[];
  readonly scale: TimeScale;
  readonly window: Window;
  readonly size: Size;
  /** How wide the names are. */
  readonly gutter: number;
  readonly scrollTop: number;
  /** The row that keys act on. */
  readonly active: number;
  readonly hasFocus: boolean;
  /** The actor that everything is about. */
  readonly selection: string | null;
  readonly palette: Palette;
}

const xOf = ({ scale, window, size, gutter }: Scene, at: number): number =>
  gutter + ((scale.placeOf(at) - window.from) / (window.to - window.from)) * (size.width - gutter);

export const timeAt = ({ scale, window, size, gutter }: Scene, x: number): number =>
  scale.timeOf(window.from + ((x - gutter) / (size.width - gutter)) * (window.to - window.from));

export function paint(context: CanvasRenderingContext2D, scene: Scene): void {
  const { rows, size, gutter, scrollTop, palette, run } = scene;
  context.textBaseline = 'middle';
  context.fillStyle = palette.ink.ground;
  context.fillRect(0, 0, size.width, size.height);
  const first = Math.floor(scrollTop / rowHeight);
  const last = Math.min(rows.length - 1, Math.ceil((scrollTop + size.height - axisHeight) / rowHeight));
  const yOf = (index: number) => axisHeight + index * rowHeight - scrollTop;
  context.save();
  context.beginPath();
  context.rect(0, axisHeight, size.width, size.height - axisHeight);
  context.clip();
  for (let index = first; index <= last; index++) paintGround(context, scene, index, yOf(index));
  paintFolds(context, scene);
  context.fillStyle = palette.ink.line;
  context.globalAlpha = 0.6;
  for (const at of ticksOf(scene)) context.fillRect(Math.round(xOf(scene, at)), axisHeight, 1, size.height);
  context.globalAlpha = 1;
  context.save();
  context.beginPath();
  context.rect(gutter, axisHeight, size.width - gutter, size.height - axisHeight);
  context.clip();
  for (let index = first; index <= last; index++) {
    const row = rows[index];
    if (row !== undefined) paintBars(context, scene, row, yOf(index));
  }
  const now = xOf(scene, run.now ?? 0);
  if (!run.isAtHead) {
    context.globalAlpha = 0.62;
    context.fillStyle = palette.ink.ground;
    context.fillRect(now, axisHeight, Math.max(0, size.width - now), size.height);
    context.globalAlpha = 1;
  }
  context.restore();
  for (let index = first; index <= last; index++) {
    const row = rows[index];
    if (row !== undefined) paintName(context, scene, row, yOf(index));
  }
  context.restore();
  paintAxis(context, scene, now);
}

function paintGround(context: CanvasRenderingContext2D, scene: Scene, index: number, y: number): void {
  const { rows, palette, size, selection, active, hasFocus } = scene;
  const row = rows[index];
  if (row === undefined) return;
  const id = row.task?.id ?? row.lane.id;
  if (id === selection) {
    context.fillStyle = palette.ink['accent-ground'];
    context.fillRect(0, y, size.width, rowHeight);
    context.fillStyle = palette.ink.accent;
    context.fillRect(0, y, 3, rowHeight);
  } else if (row.task === null) {
    context.fillStyle = palette.ink.surface;
    context.fillRect(0, y, size.width, rowHeight);
  }
  context.fillStyle = palette.ink.line;
  if (row.task === null) context.fillRect(0, y, size.width, 1);
  if (index !== active || !hasFocus) return;
  context.strokeStyle = palette.ink.accent;
  context.lineWidth = 2;
  context.strokeRect(1, y + 1, size.width - 2, rowHeight - 2);
}

function paintName(context: CanvasRenderingContext2D, scene: Scene, { lane, task, isOpen }: LaneRow, y: number): void {
  const { run, palette, gutter } = scene;
  const middle = y + rowHeight / 2;
  const actor = task ?? lane.agent;
  const state = actor?.at(run.position)?.means;
  const isThere = actor === null || state !== undefined;
  context.globalAlpha = isThere ? 1 : 0.55;
  const left = task === null ? 22 : gutter < 160 ? 26 : 40;
  if (task === null && lane.tasks.length > 0) paintTwist(context, palette.ink['ink-soft'], 12, middle, isOpen);
  context.textAlign = 'left';
  if (actor !== null && state !== undefined) {
    const tone = toneOf(actor.kind, state);
    paintMark(context, tone, left + 6, middle, 11, palette.tone[tone]);
  }
  const text = actor === null ? 'nobody yet' : timelyName(calledIn(run, actor.id), run.atOf(1) ?? 0);
  context.font = `${task === null ? '600 ' : ''}12px ${palette.font}`;
  context.fillStyle = task === null ? palette.ink.ink : palette.ink['ink-soft'];
  context.fillText(fitText(context, text, gutter - left - 24), left + (actor === null ? 0 : 17), middle);
  context.globalAlpha = 1;
}

function paintTwist(context: CanvasRenderingContext2D, colour: string, x: number, y: number, isOpen: boolean): void {
  context.save();
  context.translate(x, y);
  if (isOpen) context.rotate(Math.PI / 2);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(-2, -4);
  context.lineTo(2, 0);
  context.lineTo(-2, 4);
  context.stroke();
  context.restore();
}

function paintBars(context: CanvasRenderingContext2D, scene: Scene, row: LaneRow, y: number): void {
  const { run, size, gutter } = scene;
  const actor = row.task ?? row.lane.agent;
  if (actor === null) return;
  const end = run.atOf(run.head) ?? 0;
  const given = row.task === null ? [] : (run.facts.tasks.get(row.task.name)?.assignments ?? []);
  let painted = Number.NEGATIVE_INFINITY;
  for (const span of spansOf(run, actor)) {
    const [left, right] = [xOf(scene, span.from), xOf(scene, span.to ?? end)];
    if (right < gutter) continue;
    if (left > size.width) break;
    if (right < painted + 0.5 && !isEnd(span.state)) continue;
    painted = right;
    const has = given.findLast(({ seq }) => seq <= span.seq)?.agentId;
    const isElsewhere = row.lane.agent !== null && has !== undefined && has !== row.lane.agent.name;
    context.globalAlpha = isElsewhere ? 0.3 : 1;
    if (row.task === null) paintAgentSpan(context, scene, span, left, right, y);
    else paintTaskSpan(context, scene, span, left, right, y);
  }
  context.globalAlpha = 1;
}

function paintAgentSpan(
  context: CanvasRenderingContext2D,
  { palette }: Scene,
  { state }: Span,
  left: number,
  right: number,
  y: number,
): void {
  const tone = toneOf('agent', state);
  if (tone === 'idle') {
    context.fillStyle = palette.ink.line;
    if (state !== 'stopped') context.fillRect(left, y + rowHeight / 2 - 0.5, right - left, 1);
    return;
  }
  context.fillStyle = palette.tone[tone];
  context.fillRect(left, y + rowHeight / 2 - 2, Math.max(1, right - left), 4);
  if (tone !== 'work' && right - left > 18) {
    const middle = (left + right) / 2;
    context.fillStyle = palette.ink.surface;
    context.fillRect(middle - 9, y + 4, 18, rowHeight - 8);
    paintMark(context, tone, middle, y + rowHeight / 2, 12, palette.tone[tone]);
  }
}

function paintTaskSpan(
  context: CanvasRenderingContext2D,
  { palette }: Scene,
  { state }: Span,
  left: number,
  right: number,
  y: number,
): void {
  const [top, height] = [y + 4, rowHeight - 8];
  const tone = toneOf('task', state);
  if (isEnd(state)) {
    paintMark(context, tone, left + 9, y + rowHeight / 2, 11, palette.tone[tone]);
    return;
  }
  const width = Math.max(1.5, right - left);
  if (state === 'pending' || state === 'queued' || state === 'retrying') {
    context.strokeStyle = state === 'retrying' ? palette.tone.trouble : palette.ink['line-strong'];
    context.lineWidth = 1;
    context.setLineDash([2, 3]);
    context.strokeRect(left + 0.5, top + 3.5, Math.max(0, width - 1), height - 7);
    context.setLineDash([]);
    return;
  }
  context.fillStyle = palette.toneGround[tone];
  context.fillRect(left, top, width, height);
  context.fillStyle = palette.tone[tone];
  context.fillRect(left, top + height - 3, width, 3);
  if (width < 20) return;
  paintMark(context, tone, left + 10, top + height / 2 - 1.5, 10, palette.tone[tone]);
  if (width < 56) return;
  context.font = `11px ${palette.font}`;
  context.textAlign = 'left';
  context.fillText(fitText(context, wordsOf(state), width - 26), left + 19, top + height / 2 - 1);
}

/** Where time is folded: a pale band between two broken lines. */
function paintFolds(context: CanvasRenderingContext2D, scene: Scene): void {
  const { scale, size, palette } = scene;
  for (const { from, to, isFolded } of scale.stretches) {
    if (!isFolded) continue;
    const [left, right] = [xOf(scene, from), xOf(scene, to)];
    if (right < scene.gutter || left > size.width) continue;
    context.fillStyle = palette.ink.sunken;
    context.fillRect(left, axisHeight, right - left, size.height);
    context.strokeStyle = palette.ink['line-strong'];
    context.lineWidth = 1;
    for (const x of [left, right]) {
      context.beginPath();
      for (let y = axisHeight, side = 0; y <= size.height; y += 6, side++)
        context.lineTo(x + (side % 2 === 0 ? -2 : 2), y);
      context.stroke();
    }
  }
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400].map(
  (seconds) => seconds * 1000,
);

/** Round times in sight, far enough from each other. */
function ticksOf(scene: Scene): number[] {
  const { scale, window, size, gutter, run } = scene;
  const start = run.atOf(1) ?? 0;
  const perPx = (window.to - window.from) / Math.max(1, size.width - gutter);
  const step = steps.find((one) => one / perPx >= 84) ?? Math.ceil((84 * perPx) / 86_400_000) * 86_400_000;
  const ticks: number[] = [];
  for (const { from, to, isFolded } of scale.stretches) {
    if (isFolded) continue;
    const [low, high] = [Math.max(from, timeAt(scene, gutter)), Math.min(to, timeAt(scene, size.width))];
    for (let at = start + Math.ceil((low - start) / step) * step; at <= high; at += step) ticks.push(at);
  }
  return ticks;
}

function paintAxis(context: CanvasRenderingContext2D, scene: Scene, now: number): void {
  const { scale, size, gutter, palette, run } = scene;
  const start = run.atOf(1) ?? 0;
  context.fillStyle = palette.ink.surface;
  context.fillRect(0, 0, size.width, axisHeight);
  context.fillStyle = palette.ink.line;
  context.fillRect(0, axisHeight - 1, size.width, 1);
  context.fillRect(gutter, 0, 1, size.height);
  context.save();
  context.beginPath();
  context.rect(gutter, 0, size.width - gutter, size.height);
  context.clip();
  context.font = `11px ${palette.mono}`;
  context.textAlign = 'center';
  const label = run.now === undefined ? '' : clock(run.now - start);
  const half = context.measureText(label).width / 2 + 7;
  const middle = Math.min(size.width - half, Math.max(gutter + half, now));
  const taken: [number, number][] = [[middle - half - 6, middle + half + 6]];
  const write = (text: string, x: number, colour: string): void => {
    const wide = context.measureText(text).width / 2;
    if (x - wide < gutter + 2 || x + wide > size.width - 2) return;
    if (taken.some(([from, to]) => x - wide - 8 < to && x + wide + 8 > from)) return;
    taken.push([x - wide, x + wide]);
    context.fillStyle = colour;
    context.fillText(text, x, axisHeight / 2 - 1);
  };
  for (const { from, to, isFolded } of scale.stretches) {
    if (isFolded) write(length(to - from), (xOf(scene, from) + xOf(scene, to)) / 2, palette.ink['ink-soft']);
  }
  for (const at of ticksOf(scene)) {
    const x = xOf(scene, at);
    context.fillStyle = palette.ink.line;
    context.fillRect(Math.round(x), axisHeight - 5, 1, 4);
    write(clock(at - start), x, palette.ink['ink-soft']);
  }
  context.fillStyle = palette.ink.accent;
  context.fillRect(Math.round(now) - 1, axisHeight - 4, 2, size.height);
  context.beginPath();
  context.roundRect(middle - half, 4, half * 2, axisHeight - 9, 4);
  context.fill();
  context.fillStyle = palette.ink.surface;
  context.fillText(label, middle, axisHeight / 2 - 0.5);
  context.restore();
}
