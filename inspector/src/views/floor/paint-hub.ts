/** The hub: its state, the queue as a stack, and around it a ring of all tasks by how they stand. */

import { wordsOfSubject } from '../../model/subject.ts';
import type { HubLife, TaskCounts } from '../../model/tally.ts';
import type { Tone } from '../../model/tone.ts';
import { paintMark } from '../../ui/canvas.ts';
import { number } from '../../ui/number.ts';
import type { Painting } from './paint.ts';

const toneOfLife: { readonly [life in HubLife]: Tone } = {
  recovering: 'idle',
  running: 'work',
  paused: 'held',
  draining: 'ask',
  stopped: 'idle',
};

/** Most bars of the stack. */
const mostBars = 7;

export function paintHub({ context, palette, layout: { hub }, scene }: Painting): void {
  const { x, y, radius } = hub;
  context.fillStyle = palette.ink.ground;
  circle(context, x, y, radius + 7);
  context.fill();
  context.fillStyle = palette.ink.surface;
  circle(context, x, y, radius);
  context.fill();
  context.strokeStyle = palette.ink.line;
  context.lineWidth = 1;
  context.stroke();
  paintRing(context, x, y, radius + 3, shares(scene.tasks), palette.tone, palette.ink.line);

  const isSmall = radius < 56;
  const tone = toneOfLife[scene.hub];
  context.font = `600 ${isSmall ? 11 : 13}px ${palette.font}`;
  context.textAlign = 'left';
  const life = wordsOfSubject('hub', scene.hub);
  const width = context.measureText(life).width + 16;
  const isEmpty = scene.tasks.queued === 0;
  const top = isEmpty ? y - 9 : y - radius * 0.45;
  paintMark(context, tone, x - width / 2 + 5, top, 11, palette.tone[tone]);
  context.fillStyle = palette.tone[tone];
  context.fillText(life, x - width / 2 + 16, top);

  paintStack(context, x, y + radius * 0.05, radius * 0.8, scene.tasks.queued, palette.ink['ink-soft']);
  context.textAlign = 'center';
  context.font = `${isSmall ? 11 : 12}px ${palette.font}`;
  context.fillStyle = isEmpty ? palette.ink['ink-soft'] : palette.ink.ink;
  const words = isEmpty ? 'queue empty' : `${number(scene.tasks.queued)} queued`;
  context.fillText(words, x, isEmpty ? y + 12 : y + radius * 0.5);
}

function circle(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function shares(tasks: TaskCounts): readonly { readonly tone: Tone; readonly count: number }[] {
  return [
    { tone: 'done', count: tasks.completed },
    { tone: 'trouble', count: tasks.failed },
    { tone: 'human', count: tasks.atGate },
    { tone: 'ask', count: tasks.asking },
    { tone: 'work', count: tasks.working },
    { tone: 'idle', count: tasks.queued + tasks.later + tasks.cancelled },
  ];
}

function paintRing(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  parts: ReturnType<typeof shares>,
  tones: { readonly [tone in Tone]: string },
  empty: string,
): void {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  context.lineWidth = 5;
  let from = -Math.PI / 2;
  const shown = parts.filter(({ count }) => count > 0);
  const gap = shown.length > 1 ? 0.05 : 0;
  for (const { tone, count } of total === 0 ? [{ tone: null, count: 1 }] : shown) {
    const angle = (2 * Math.PI * count) / Math.max(1, total);
    context.strokeStyle = tone === null || tone === 'idle' ? empty : tones[tone];
    context.beginPath();
    context.arc(x, y, radius, from + gap / 2, from + Math.max(angle, gap + 0.02) - gap / 2);
    context.stroke();
    from += angle;
  }
}

/** A bar a task, up to a few; the oldest on top. */
function paintStack(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  count: number,
  full: string,
): void {
  const bars = Math.min(mostBars, count);
  const pitch = 4;
  context.fillStyle = full;
  for (let bar = 0; bar < bars; bar++) {
    context.globalAlpha = count > mostBars && bar === 0 ? 0.4 : 1;
    context.fillRect(x - width / 2, y + (bars * pitch) / 2 - (bar + 1) * pitch, width, 2.5);
  }
  context.globalAlpha = 1;
}
