/** Draws the part of a sequence that is in view: lifelines, what their actors were busy with, messages, gaps, the moment. */
import type { HubRecord } from 'xstate-hub';
import { flowOf, labelOf, nameIn, type Party } from '../../model/flow.ts';
import type { Run } from '../../model/run.ts';
import { type Tone, toneOf, toneOfRecord } from '../../model/tone.ts';
import { fitText, haloText, paintMark, type Size } from '../../ui/canvas.ts';
import type { Palette } from '../../ui/palette.ts';
import { clock, length } from '../../ui/time.ts';
import type { Lifelines } from './lifelines.ts';
import type { Row, Rows } from './rows.ts';

export const rowHeight = 28;
export const headHeight = 48;

export interface SequencePainting {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly size: Size;
  readonly run: Run;
  readonly rows: Rows;
  readonly lifelines: Lifelines;
  readonly selection: string | null;
  readonly hovered: number | null;
  readonly columnWidth: number;
  readonly gutter: number;
  /** Px of the whole picture that are left of what is seen, and above it. */
  readonly left: number;
  readonly top: number;
}

const xOf = (
  { gutter, columnWidth, left }: Pick<SequencePainting, 'gutter' | 'columnWidth' | 'left'>,
  column: number,
) => gutter + (column + 0.5) * columnWidth - left;

const yOf = ({ top }: Pick<SequencePainting, 'top'>, index: number) => headHeight + index * rowHeight - top;

export function paintSequence(painting: SequencePainting): void {
  const { context, rows, size, top, run } = painting;
  const first = Math.max(0, Math.floor(top / rowHeight));
  const last = Math.min(rows.length - 1, Math.ceil((top + size.height - headHeight) / rowHeight));
  const now = rows.indexOf(run.position);
  context.textBaseline = 'middle';
  context.save();
  context.beginPath();
  context.rect(0, headHeight, size.width, size.height - headHeight);
  context.clip();
  paintBands(painting, first, last);
  context.save();
  context.beginPath();
  context.rect(painting.gutter, headHeight, size.width, size.height);
  context.clip();
  paintLines(painting);
  paintStays(painting, first, last);
  for (let index = first; index <= last; index++) {
    const row = rows.at(index);
    if (row?.kind !== 'record') continue;
    const record = run.records[row.seq - 1];
    if (record === undefined) continue;
    paintMessage(painting, record, yOf(painting, index) + rowHeight / 2);
  }
  context.restore();
  paintGaps(painting, first, last);
  paintGutter(painting, first, last);
  paintLater(painting, yOf(painting, now + 1));
  if (now >= 0) paintMoment(painting, yOf(painting, now + 1));
  context.restore();
  paintHead(painting);
}

function paintBands(painting: SequencePainting, first: number, last: number): void {
  const { context, palette, rows, selection, hovered, size, run } = painting;
  const band = (seq: number, colour: string) => {
    const index = rows.indexOf(seq);
    if (index < first || index > last || rows.at(index)?.seq !== seq) return;
    context.fillStyle = colour;
    context.fillRect(0, yOf(painting, index), size.width, rowHeight);
  };
  if (hovered !== null) band(hovered, palette.ink.surface);
  band(run.position, palette.ink.surface);
  if (selection?.startsWith('record:')) band(Number(selection.slice('record:'.length)), palette.ink['accent-ground']);
}

function visibleColumns({ lifelines, columnWidth, left, size }: SequencePainting): { from: number; to: number } {
  const from = Math.max(0, Math.floor(left / columnWidth));
  return { from, to: Math.min(lifelines.all.length - 1, Math.ceil((left + size.width) / columnWidth)) };
}

function paintLines(painting: SequencePainting): void {
  const { context, palette, rows, lifelines, selection, size } = painting;
  const bottom = Math.min(size.height, yOf(painting, rows.length));
  const { from, to } = visibleColumns(painting);
  for (let column = from; column <= to; column++) {
    const lifeline = lifelines.all[column];
    const isSelected = lifeline?.id === selection;
    context.strokeStyle = isSelected
      ? palette.ink.accent
      : lifeline?.id === 'hub'
        ? palette.ink['line-strong']
        : palette.ink.line;
    context.lineWidth = isSelected || lifeline?.id === 'hub' ? 1.5 : 1;
    context.beginPath();
    context.moveTo(Math.round(xOf(painting, column)) + 0.5, headHeight);
    context.lineTo(Math.round(xOf(painting, column)) + 0.5, bottom);
    context.stroke();
  }
}

/** A bar for as long as an agent or a task is busy, in the tone of what it does, with its mark. */
function paintStays(painting: SequencePainting, first: number, last: number): void {
  const { run, rows, lifelines } = painting;
  const seqAt = (row: Row | undefined) => row?.seq ?? 0;
  const [top, bottom] = [seqAt(rows.at(first)), seqAt(rows.at(last))];
  const { from, to } = visibleColumns(painting);
  for (let column = from; column <= to; column++) {
    const id = lifelines.all[column]?.id ?? '';
    const history = run.actors.get(id);
    if (history === undefined || (history.kind !== 'agent' && history.kind !== 'task')) continue;
    const { stays } = history;
    for (let index = Math.max(0, history.countAt(top) - 1); index < stays.length; index++) {
      const stay = stays[index];
      if (stay === undefined || stay.seq > bottom) break;
      const next = stays[index + 1];
      const tone = toneOf(history.kind, stay.means);
      if (tone === 'idle' || tone === 'done') continue;
      const isSame = index > 0 && stays[index - 1]?.state === stay.state;
      const startY = yOf(painting, rows.indexOf(stay.seq)) + (isSame ? -rowHeight / 2 : rowHeight / 2);
      const endY =
        next === undefined ? yOf(painting, rows.length) : yOf(painting, rows.indexOf(next.seq)) + rowHeight / 2;
      paintStay(painting, column, tone, startY, endY, !isSame);
    }
  }
}

function paintStay(
  painting: SequencePainting,
  column: number,
  tone: Tone,
  from: number,
  to: number,
  isStart: boolean,
): void {
  if (to - from < 1) return;
  const { context, palette, size } = painting;
  const x = xOf(painting, column);
  const top = Math.max(from, headHeight - 10);
  context.fillStyle = palette.toneGround[tone];
  context.strokeStyle = palette.tone[tone];
  context.lineWidth = 1;
  context.fillRect(x - 4, top, 8, Math.min(to, size.height + 10) - top);
  context.strokeRect(x - 4, top, 8, Math.min(to, size.height + 10) - top);
  if (isStart && to - from > 20) {
    context.fillStyle = palette.ink.ground;
    context.beginPath();
    context.arc(x, from + 14, 8, 0, 2 * Math.PI);
    context.fill();
    paintMark(context, tone, x, from + 14, 12, palette.tone[tone]);
  }
}

function paintMessage(painting: SequencePainting, record: HubRecord, y: number): void {
  const { context, palette, run, lifelines } = painting;
  const { from, to } = flowOf(record, run);
  const tone = toneOfRecord(record);
  const colour = palette.tone[tone];
  const [a, b] = [lifelines.columnOf(from), lifelines.columnOf(to)];
  const [x1, x2] = [xOf(painting, a), xOf(painting, b)];
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 1.5;
  context.font = `11px ${palette.font}`;
  const label = labelOf(record) + hidden(painting, from, a) + hidden(painting, to, b);
  if (a === b) {
    context.beginPath();
    context.arc(x1, y, 3.5, 0, 2 * Math.PI);
    context.fill();
    context.textAlign = 'left';
    const about = to.startsWith('task:') ? `${labelOf(record)} ${nameIn(painting.run, to)}` : label;
    haloText(context, about, x1 + 10, y, palette);
    return;
  }
  const direction = x2 > x1 ? 1 : -1;
  const line = y + 6;
  const end = x2 - direction * 6;
  context.beginPath();
  context.moveTo(x1 + direction * 5, line);
  context.lineTo(end - direction * 4, line);
  context.stroke();
  context.beginPath();
  context.moveTo(end, line);
  context.lineTo(end - direction * 8, line - 4);
  context.lineTo(end - direction * 8, line + 4);
  context.fill();
  if (Math.max(x1, x2) < painting.gutter || Math.min(x1, x2) > painting.size.width) return;
  context.textAlign = 'center';
  haloText(context, label, within(painting, (x1 + x2) / 2, context.measureText(label).width), y - 5, palette);
}

/** The agent's name, when its lifeline is that of its type. */
function hidden({ lifelines }: SequencePainting, party: Party, column: number): string {
  return party.startsWith('agent:') && lifelines.all[column]?.id.startsWith('type:')
    ? ` · ${party.slice('agent:'.length)}`
    : '';
}

/** Words stay in sight, also those of a long arrow that is seen in part. */
const within = ({ gutter, size }: SequencePainting, x: number, width: number) =>
  Math.max(gutter + width / 2 + 6, Math.min(size.width - width / 2 - 6, x));

function paintGaps(painting: SequencePainting, first: number, last: number): void {
  const { context, palette, rows, size } = painting;
  for (let index = first; index <= last; index++) {
    const row = rows.at(index);
    if (row?.kind !== 'gap') continue;
    const y = yOf(painting, index) + rowHeight / 2;
    context.strokeStyle = palette.ink['line-strong'];
    context.lineWidth = 1;
    context.setLineDash([2, 5]);
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(size.width, y);
    context.stroke();
    context.setLineDash([]);
    const text = `${length(row.ms)} later`;
    context.font = `11px ${palette.font}`;
    const half = context.measureText(text).width / 2 + 10;
    const x = Math.min(size.width / 2, painting.gutter + (painting.lifelines.all.length * painting.columnWidth) / 2);
    context.fillStyle = palette.ink.ground;
    context.fillRect(x - half, y - 9, 2 * half, 18);
    context.fillStyle = palette.ink['ink-soft'];
    context.textAlign = 'center';
    context.fillText(text, x, y);
  }
}

function paintGutter(painting: SequencePainting, first: number, last: number): void {
  const { context, palette, rows, run, gutter } = painting;
  const start = run.atOf(1) ?? 0;
  context.font = `11px ${palette.mono}`;
  context.fillStyle = palette.ink['ink-soft'];
  let lastText = '';
  for (let index = first; index <= last; index++) {
    const row = rows.at(index);
    if (row?.kind !== 'record') continue;
    const y = yOf(painting, index) + rowHeight / 2;
    const text = clock((run.atOf(row.seq) ?? start) - start);
    context.textAlign = 'left';
    if (text !== lastText) context.fillText(text, 12, y);
    lastText = text;
    if (gutter < 100) continue;
    context.textAlign = 'right';
    context.fillText(String(row.seq), gutter - 10, y);
  }
}

/** What comes after the moment is pale. */
function paintLater({ context, palette, size }: SequencePainting, y: number): void {
  const top = Math.max(headHeight, y);
  context.globalAlpha = 0.58;
  context.fillStyle = palette.ink.ground;
  context.fillRect(0, top, size.width, size.height - top);
  context.globalAlpha = 1;
}

function paintMoment({ context, palette, size }: SequencePainting, y: number): void {
  context.strokeStyle = palette.ink.accent;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(size.width, y);
  context.stroke();
  context.fillStyle = palette.ink.accent;
  context.beginPath();
  context.moveTo(0, y - 6);
  context.lineTo(7, y);
  context.lineTo(0, y + 6);
  context.fill();
}

function paintHead(painting: SequencePainting): void {
  const { context, palette, lifelines, size, columnWidth, selection, gutter } = painting;
  context.fillStyle = palette.ink.surface;
  context.fillRect(0, 0, size.width, headHeight);
  context.strokeStyle = palette.ink.line;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, headHeight - 0.5);
  context.lineTo(size.width, headHeight - 0.5);
  context.stroke();
  context.save();
  context.beginPath();
  context.rect(gutter, 0, size.width, headHeight);
  context.clip();
  context.textAlign = 'center';
  const { from, to } = visibleColumns(painting);
  for (let column = from; column <= to; column++) {
    const lifeline = lifelines.all[column];
    if (lifeline === undefined) continue;
    const x = xOf(painting, column);
    context.font = `600 12px ${palette.font}`;
    context.fillStyle = lifeline.id === selection ? palette.ink.accent : palette.ink.ink;
    context.fillText(
      fitText(context, lifeline.name, columnWidth - 10),
      x,
      lifeline.detail === '' ? headHeight / 2 : 17,
    );
    context.font = `11px ${palette.font}`;
    context.fillStyle = palette.ink['ink-soft'];
    context.fillText(fitText(context, lifeline.detail, columnWidth - 10), x, 33);
  }
  context.restore();
}
