/** Messages on their way: an arrow a spoke, what it says on the last one, and dots while time runs. */
import type { Tone } from '../../model/tone.ts';
import { alongLegs, between, type Leg } from './geometry.ts';
import type { Spot } from './layout.ts';
import type { Painting } from './paint.ts';
import type { Moving } from './scene.ts';

/** How much is left of the records behind the one of the moment. */
const fading = [1, 0.45, 0.28, 0.16];

export function paintTrail(painting: Painting): void {
  const { context, scene, places } = painting;
  for (const [age, message] of [...scene.trail.entries()].reverse()) {
    context.globalAlpha = fading[age] ?? 0.1;
    for (const leg of places.legsOf(message.from, message.to))
      paintLeg(painting, leg, message.tone, age === 0 ? 2.5 : 1.5);
  }
  context.globalAlpha = 1;
}

export function paintNewest(painting: Painting): void {
  const { trail } = painting.scene;
  const [newest] = trail;
  if (newest !== undefined) paintChipOf(painting, newest);
  paintOutside(painting, trail);
}

const isNarrow = ({ layout }: Painting): boolean => layout.size.width < 620;

/** The label of a message: on its last spoke; at the hub, on the side of that spoke, where it would cover others. */
function paintChipOf(painting: Painting, message: Moving): void {
  const { places, layout } = painting;
  const { hub, detail } = layout;
  const leg = places.legsOf(message.from, message.to).at(-1);
  if (leg !== undefined && detail !== 'marks' && !isNarrow(painting)) {
    paintChip(painting, between(leg.from, leg.to, 0.5), message.label, message.tone);
    return;
  }
  const isAbove = leg !== undefined && Math.min(leg.from.y, leg.to.y) < hub.y - hub.radius;
  const away = (hub.radius + 20) * (isAbove ? -1 : 1);
  paintChip(painting, { x: hub.x, y: hub.y + away }, message.label, message.tone);
}

/** Who stands where messages come in from outside. */
function paintOutside({ context, palette, layout: { outside } }: Painting, messages: readonly Moving[]): void {
  const parties = messages.flatMap(({ from, to }) => [from, to]).filter((party) => party.startsWith('outside:'));
  const names = new Set(parties.map((party) => party.slice('outside:'.length)));
  context.font = `600 12px ${palette.font}`;
  context.textAlign = 'center';
  context.fillStyle = palette.ink['ink-soft'];
  context.fillText([...names].join(', '), outside.x, outside.y + 12);
}

function paintLeg({ context, palette }: Painting, { from, to }: Leg, tone: Tone | 'accent', width: number): void {
  const colour = tone === 'accent' ? palette.ink.accent : palette.tone[tone];
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const head = 5 + width * 1.6;
  const neck = { x: to.x - head * 0.8 * Math.cos(angle), y: to.y - head * 0.8 * Math.sin(angle) };
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = width;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(neck.x, neck.y);
  context.stroke();
  context.beginPath();
  context.moveTo(to.x, to.y);
  for (const turn of [-0.42, 0.42]) {
    context.lineTo(to.x - head * Math.cos(angle + turn), to.y - head * Math.sin(angle + turn));
  }
  context.closePath();
  context.fill();
}

function paintChip({ context, palette, layout: { size } }: Painting, at: Spot, text: string, tone: Tone): void {
  context.font = `600 11px ${palette.font}`;
  const width = context.measureText(text).width + 16;
  const x = Math.max(width / 2 + 4, Math.min(size.width - width / 2 - 4, at.x));
  context.beginPath();
  context.roundRect(x - width / 2, at.y - 10, width, 20, 10);
  context.fillStyle = palette.ink.ground;
  context.fill();
  context.fillStyle = palette.toneGround[tone];
  context.strokeStyle = palette.tone[tone];
  context.lineWidth = 1;
  context.fill();
  context.stroke();
  context.textAlign = 'center';
  context.fillStyle = palette.tone[tone];
  context.fillText(text, x, at.y + 0.5);
}

/** Messages that took the same spoke, either way. */
interface Spoke {
  readonly legs: Map<boolean, Leg>;
  readonly messages: Moving[];
  /** 0 when the selected record took it, 1 for what came of it, 2 for what led to it. */
  readonly rank: number;
}

/** Most spokes that say what they carried. */
const mostChips = 14;

/** The causes and effects of a record: a spoke each, however many messages took it. */
export function paintLit(painting: Painting): void {
  const { context, scene, places } = painting;
  if (scene.lit === null) return;
  const { record, ancestors, descendants } = scene.lit;
  const spokes = new Map<string, Spoke>();
  for (const [rank, messages] of [[record], descendants, ancestors].entries()) {
    for (const message of messages) {
      for (const leg of places.legsOf(message.from, message.to)) {
        const spoke: Spoke = spokes.get(leg.party) ?? { legs: new Map(), messages: [], rank };
        spokes.set(leg.party, spoke);
        spoke.legs.set(leg.inward, leg);
        spoke.messages.push(message);
      }
    }
  }
  const all = [...spokes.values()].reverse();
  for (const { legs, messages, rank } of all) {
    context.globalAlpha = rank === 2 ? 0.55 : 1;
    for (const leg of legs.values()) paintLeg(painting, leg, messages[0]?.tone ?? 'idle', rank === 0 ? 3.5 : 2);
  }
  context.globalAlpha = 1;
  if (spokes.size <= mostChips && !isNarrow(painting)) {
    for (const { legs, messages } of all) {
      const [leg] = legs.values();
      const [first] = messages;
      if (leg === undefined || first === undefined || first === record) continue;
      const more = messages.length > 1 ? ` +${messages.length - 1}` : '';
      paintChip(painting, between(leg.from, leg.to, 0.5), first.label + more, first.tone);
    }
  }
  paintChipOf(painting, record);
  paintOutside(painting, [record, ...descendants, ...ancestors]);
}

/** Something that is under way, and how far it is: 0 to 1. */
export interface Dot {
  readonly message: Moving;
  readonly share: number;
}

export function paintDots({ context, palette, places, dots }: Painting): void {
  for (const { message, share } of dots) {
    const at = alongLegs(places.legsOf(message.from, message.to), easing(share));
    if (at === null) continue;
    context.beginPath();
    context.arc(at.x, at.y, 6, 0, 2 * Math.PI);
    context.fillStyle = palette.tone[message.tone];
    context.strokeStyle = palette.ink.ground;
    context.lineWidth = 2.5;
    context.stroke();
    context.fill();
  }
}

const easing = (share: number): number => (share < 0.5 ? 2 * share * share : 1 - (2 - 2 * share) ** 2 / 2);
