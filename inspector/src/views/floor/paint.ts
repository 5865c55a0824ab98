/** Draws a scene of the floor: spokes, what is open, what moves, the hub, the agents, and their words. */
import { fitText, haloText, paintMark } from '../../ui/canvas.ts';
import type { Palette } from '../../ui/palette.ts';
import { stateWords } from './agents-at.ts';
import type { Places } from './geometry.ts';
import type { Layout, Spot } from './layout.ts';
import { paintHub } from './paint-hub.ts';
import { type MarksLayer, paintPicked, paintSectors } from './paint-marks.ts';
import { type Dot, paintDots, paintLit, paintNewest, paintTrail } from './paint-messages.ts';
import type { Scene } from './scene.ts';

export interface Painting {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly layout: Layout;
  readonly places: Places;
  readonly scene: Scene;
  /** `agent:a`, `gate:…` */
  readonly selection: string | null;
  /** The agent under the pointer or the keyboard. */
  readonly pointed: string | null;
  /** What is under way while time runs. */
  readonly dots: readonly Dot[];
  readonly marks: MarksLayer;
  /** Time runs too fast for words. */
  readonly isFast: boolean;
}

export function paintFloor(painting: Painting): void {
  const { context, layout, scene } = painting;
  context.textBaseline = 'middle';
  painting.places.seat(scene.gates);
  if (layout.detail === 'marks') paintSectors(painting);
  else paintSpokes(painting);
  paintArcs(painting);
  if (scene.lit === null) paintTrail(painting);
  paintHub(painting);
  if (layout.detail === 'marks') {
    painting.marks.paint(painting);
    paintPicked(painting);
  } else {
    paintAgents(painting);
  }
  if (scene.lit !== null) return paintLit(painting);
  paintDots(painting);
  if (!painting.isFast) paintNewest(painting);
}

function paintSpokes({ context, palette, layout: { hub, order, spots, groups }, scene }: Painting): void {
  context.strokeStyle = palette.ink.line;
  context.lineWidth = 3;
  for (const { rail } of groups) {
    context.beginPath();
    for (const { x, y } of rail) context.lineTo(x, y);
    context.stroke();
  }
  context.lineWidth = 1;
  for (const [index] of order.entries()) {
    const agent = scene.agents[index];
    if (agent?.presence === 'later') continue;
    context.strokeStyle =
      agent?.tone === 'idle' || agent?.presence === 'gone' ? palette.ink.line : palette.tone[agent?.tone ?? 'idle'];
    context.globalAlpha = agent?.tone === 'idle' ? 1 : agent?.presence === 'gone' ? 0.5 : 0.4;
    context.beginPath();
    context.moveTo(hub.x, hub.y);
    context.lineTo(spots[2 * index] ?? 0, spots[2 * index + 1] ?? 0);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** Questions on their way by the hub to a specialist, and gates to a human, for as long as they are open. */
function paintArcs(painting: Painting): void {
  const { context, palette, places, scene, selection } = painting;
  context.save();
  context.setLineDash([5, 5]);
  const arc = (from: string, to: string | null, colour: string, isSelected: boolean, bend: number) => {
    context.strokeStyle = colour;
    context.lineWidth = isSelected ? 3.5 : 2;
    context.globalAlpha = scene.lit === null ? 1 : 0.3;
    curve(painting, places.spotOf(from), to === null ? null : places.spotOf(to), bend);
  };
  for (const { id, from, to } of scene.consultations) {
    arc(`agent:${from}`, to === null ? null : `agent:${to}`, palette.tone.ask, selection === `consultation:${id}`, 0.6);
  }
  for (const { id, agentId } of scene.gates.slice(0, 40)) {
    const from = agentId === null ? 'hub' : `agent:${agentId}`;
    arc(from, `gate:${id}`, palette.tone.human, selection === `gate:${id}`, 0.1);
  }
  context.restore();
}

/**
 * Bends by the hub, so that it is seen to go through it.
 *
 * @param bend how far below its middle, in radii of the hub; so it does not lie on the spokes
 */
function curve({ context, layout: { hub } }: Painting, from: Spot, to: Spot | null, bend: number): void {
  const pull = (spot: Spot): Spot => ({
    x: hub.x + (spot.x - hub.x) * 0.08,
    y: hub.y + (spot.y - hub.y) * 0.08 + bend * hub.radius,
  });
  context.beginPath();
  context.moveTo(from.x, from.y);
  if (to === null) {
    context.lineTo(hub.x, hub.y);
  } else {
    const [a, b] = [pull(from), pull(to)];
    context.bezierCurveTo(a.x, a.y, b.x, b.y, to.x, to.y);
  }
  context.stroke();
}

function paintAgents(painting: Painting): void {
  const { context, palette, layout, places, scene, selection, pointed } = painting;
  for (const [index, agent] of scene.agents.entries()) {
    const spot = places.spotAt(index);
    const party = `agent:${agent.id}`;
    const isLit = scene.lit === null || scene.lit.parties.has(party);
    context.globalAlpha = isLit ? 1 : 0.3;
    if (agent.presence !== 'here') {
      context.fillStyle = palette.ink['line-strong'];
      disc(context, spot, 2.5);
      context.fill();
      if (agent.presence === 'gone') paintLabel(painting, index);
      continue;
    }
    const isSelected = selection === party;
    if (isSelected || pointed === agent.id) {
      context.strokeStyle = palette.ink.accent;
      context.lineWidth = isSelected ? 3 : 1.5;
      disc(context, spot, layout.radius + 5);
      context.stroke();
    }
    context.fillStyle = palette.ink.ground;
    disc(context, spot, layout.radius + 2);
    context.fill();
    context.fillStyle = palette.toneGround[agent.tone];
    context.strokeStyle = palette.tone[agent.tone];
    context.lineWidth = 1.5;
    disc(context, spot, layout.radius);
    context.fill();
    context.stroke();
    paintMark(context, agent.tone, spot.x, spot.y, layout.detail === 'cards' ? 14 : 9, palette.tone[agent.tone]);
    paintLabel(painting, index);
  }
  context.globalAlpha = 1;
  paintGroups(painting);
}

function disc(context: CanvasRenderingContext2D, { x, y }: Spot, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function paintLabel(painting: Painting, index: number): void {
  const { context, palette, layout, scene, selection } = painting;
  const label = layout.labels[index];
  const agent = scene.agents[index];
  if (label === undefined || agent === undefined) return;
  const isTwo = layout.detail === 'cards';
  const isBelow = label.align === 'center';
  context.textAlign = label.align;
  context.font = `600 ${isTwo ? 13 : 12}px ${palette.font}`;
  context.fillStyle = agent.presence === 'gone' ? palette.ink['ink-soft'] : palette.ink.ink;
  if (selection === `agent:${agent.id}`) context.fillStyle = palette.ink.accent;
  const nameY = isBelow ? label.y + 8 : isTwo ? label.y - 8 : label.y;
  const name = fitText(context, agent.id, label.width);
  haloText(context, name, label.x, nameY, palette);
  const nameWidth = context.measureText(name).width;
  if (!isTwo) return paintBeside(painting, agent, label, nameWidth);
  const isAlone = layout.groups.some(({ type, count }) => type === agent.type && count === 1);
  const { words, rest } = wordsFor(agent, isAlone);
  context.font = `12px ${palette.font}`;
  const lineY = nameY + 16;
  const fitted = fitText(context, words, label.width);
  const room = label.width - context.measureText(`${fitted} · `).width;
  const more = rest === '' || room < 40 ? '' : fitText(context, rest, room);
  const text = more === '' ? fitted : `${fitted} · ${more}`;
  const width = context.measureText(text).width;
  const left = label.align === 'left' ? label.x : label.align === 'right' ? label.x - width : label.x - width / 2;
  context.textAlign = 'left';
  context.fillStyle = palette.tone[agent.tone];
  haloText(context, fitted, left, lineY, palette);
  if (more === '') return;
  context.fillStyle = palette.ink['ink-soft'];
  haloText(context, ` · ${more}`, left + context.measureText(fitted).width, lineY, palette);
}

/** On the line of the name, if there is room for it. */
function paintBeside(
  { context, palette }: Painting,
  agent: Scene['agents'][number],
  { x, y, align, width }: Layout['labels'][number],
  taken: number,
): void {
  const room = width - taken - 10;
  if (align === 'center' || room < 60 || agent.state === 'idle') return;
  const { words, rest } = wordsFor(agent, false);
  context.font = `12px ${palette.font}`;
  context.fillStyle = palette.ink['ink-soft'];
  const text = fitText(context, words === 'working' && rest !== '' ? rest : words, room);
  haloText(context, text, align === 'left' ? x + taken + 10 : x - taken - 10, y, palette);
}

/** The line below the name: what it does, in its tone, and on what. */
function wordsFor(agent: Scene['agents'][number], isAlone: boolean): { readonly words: string; readonly rest: string } {
  const title = agent.tasks.join(', ');
  if (agent.waits !== '') return { words: agent.waits, rest: title };
  const words = stateWords(agent);
  return { words, rest: title === '' && isAlone ? agent.type : title };
}

function paintGroups({ context, palette, layout }: Painting): void {
  for (const { type, label } of layout.groups) {
    if (label === null) continue;
    context.font = `11px ${palette.font}`;
    context.textAlign = label.align;
    context.fillStyle = palette.ink['ink-soft'];
    haloText(context, fitText(context, type, label.width), label.x, label.y, palette);
  }
}
