/**
 * Where everything on the floor stands. Pure: the same team on the same ground stands in the same places.
 *
 * - Y1 a place depends on who has ever come, not on the moment: nobody moves when time does.
 * - Y2 labels have room of their own: none overlaps another one.
 * - Y3 agents of one type stand together.
 *
 * Small teams stand on two arcs beside the hub, with their names. Large ones fill sectors around it, as marks; each
 * sector has room to grow, so that a newcomer moves nobody for a while.
 */
export interface Member {
  readonly id: string;
  readonly type: string;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where an agent's text stands: `x` is where it begins on the right side and ends on the left one. */
interface Label extends Spot {
  readonly align: 'left' | 'right' | 'center';
  readonly width: number;
}

interface Sector {
  /** In radians, clockwise from the right. */
  readonly from: number;
  readonly angle: number;
  readonly inner: number;
  readonly outer: number;
}

interface Group {
  readonly type: string;
  readonly count: number;
  /** Where its name stands; null when each of its agents has it. */
  readonly label: Label | null;
  /** A line through its agents, or what they fill. */
  readonly rail: readonly Spot[];
  readonly sector: Sector | null;
}

export interface Layout {
  /** Two lines of text an agent, one, or none. */
  readonly detail: 'cards' | 'names' | 'marks';
  readonly size: Size;
  readonly hub: Spot & { readonly radius: number };
  /** In the order of the keyboard. */
  readonly order: readonly Member[];
  /** Two numbers an agent, in that order. */
  readonly spots: Float32Array;
  /** Half the width of an agent's mark. */
  readonly radius: number;
  /** Of each agent, in order; none among marks. */
  readonly labels: readonly Label[];
  readonly groups: readonly Group[];
  /** Where humans stand, and where what comes from outside comes in. */
  readonly humans: Spot;
  readonly outside: Spot;
}

export function layOut(members: readonly Member[], size: Size): Layout {
  const groups = groupsOf(members);
  return (
    onArcs('cards', groups, size, size.width < 620 ? stackedCards : cards) ??
    onArcs('names', groups, size, size.width < 620 ? stackedNames : names) ??
    inSectors(groups, size)
  );
}

/** Types in the order in which they came, and so within each. */
function groupsOf(members: readonly Member[]): Member[][] {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const group = groups.get(member.type);
    if (group === undefined) groups.set(member.type, [member]);
    else group.push(member);
  }
  return [...groups.values()];
}

interface ArcStyle {
  /** From one agent to the next, in px: at least, and at most. */
  readonly pitch: readonly [number, number];
  readonly radius: number;
  readonly hub: number;
  /** The text stands beside the mark, or below it. */
  readonly beside: boolean;
  /** Room for the text beside the arcs. */
  readonly text: number;
  /** From a group's name to its first agent. */
  readonly headGap: number;
  /** Height of the text below a mark. */
  readonly lines: number;
}

const cards: ArcStyle = { pitch: [34, 84], radius: 17, hub: 66, beside: true, text: 190, headGap: 12, lines: 0 };
const names: ArcStyle = { pitch: [20, 34], radius: 8, hub: 66, beside: true, text: 150, headGap: 10, lines: 0 };
const stackedCards: ArcStyle = {
  pitch: [58, 92],
  radius: 16,
  hub: 46,
  beside: false,
  text: 112,
  headGap: 9,
  lines: 38,
};
const stackedNames: ArcStyle = { pitch: [36, 46], radius: 8, hub: 46, beside: false, text: 104, headGap: 8, lines: 22 };

/** Of the height: for the humans above, and for what comes in below. */
const above = 80;
const below = 54;
/** On narrow grounds. */
const aboveNarrow = 56;
const belowNarrow = 44;
/** How much room a group's name takes, and what is between two groups, as a share of an agent's. */
const headRoom = 0.62;
const between = 0.3;

const railPoints = 24;

interface Row {
  readonly at: number;
  readonly member: Member | null;
  readonly group: readonly Member[];
}

function onArcs(detail: 'cards' | 'names', groups: readonly Member[][], size: Size, style: ArcStyle): Layout | null {
  const sides = twoSides(groups).map(rowsOf);
  const longest = Math.max(1, ...sides.map(lengthOf));
  const top = style.beside ? above : aboveNarrow;
  const room = size.height - top - (style.beside ? below : belowNarrow);
  const pitch = Math.min(style.pitch[1], room / longest);
  if (pitch < style.pitch[0] && longest > 1) return null;
  const radius = Math.min(style.radius, style.beside ? pitch * 0.38 : (pitch - style.lines) / 2);
  const text = style.beside ? Math.max(110, Math.min(style.text, size.width * 0.17)) : style.text;
  const x = size.width / 2;
  const y = top + room / 2;
  const reach = style.beside ? Math.min(x - text - 34, Math.max(150, room * 0.62), 330) : x - style.text / 2 - 8;
  const half = Math.max((longest * pitch) / 2, room * 0.3);
  const farthest = Math.max(half + 60, 260);
  const xAt = (dy: number) => (style.beside ? reach * Math.sqrt(1 - (dy / (half * 1.32)) ** 2) : reach);

  const order: Member[] = [];
  const spots: number[] = [];
  const labels: Label[] = [];
  const heads: Group[] = [];
  for (const [side, rows] of sides.entries()) {
    const direction = side === 0 ? -1 : 1;
    const first = y - (lengthOf(rows) * pitch) / 2;
    const labelAt = (nodeX: number, nodeY: number): Label => {
      if (!style.beside) return { x: nodeX, y: nodeY + radius + 5, align: 'center', width: style.text };
      const edge = nodeX + direction * (radius + 9);
      const width = Math.min(280, (direction === 1 ? size.width - edge : edge) - 14);
      return { x: edge, y: nodeY, align: direction === 1 ? 'left' : 'right', width };
    };
    for (const { at, member, group } of rows) {
      const rowY = first + at * pitch;
      const rowX = x + direction * xAt(rowY - y);
      if (member === null) {
        const firstY = first + (at + headRoom / 2 + 0.5) * pitch;
        const lastY = firstY + (group.length - 1) * pitch;
        const beside = labelAt(x + direction * xAt(firstY - y), firstY);
        const label = { ...beside, y: firstY - radius - style.headGap };
        if (!style.beside) label.x = rowX;
        const rail = Array.from({ length: railPoints }, (_, index) => {
          const railY = firstY + ((lastY - firstY) * index) / (railPoints - 1);
          return { x: x + direction * xAt(railY - y), y: railY };
        });
        heads.push({ type: group[0]?.type ?? '', count: group.length, label, rail, sector: null });
        continue;
      }
      order.push(member);
      spots.push(rowX, rowY);
      labels.push(labelAt(rowX, rowY));
      if (group.length === 1) heads.push({ type: member.type, count: 1, label: null, rail: [], sector: null });
    }
  }
  return {
    detail,
    size,
    hub: { x, y, radius: style.hub },
    order,
    spots: Float32Array.from(spots),
    radius,
    labels,
    groups: heads,
    humans: { x, y: Math.max(34, y - farthest) },
    outside: { x, y: Math.min(size.height - 30, y + farthest) },
  };
}

/** Left and right, as even as can be without parting a type, unless that is very uneven. */
function twoSides(groups: readonly Member[][]): [Member[][], Member[][]] {
  const total = groups.reduce((sum, group) => sum + group.length, 0);
  let best: { readonly cost: number; readonly sides: [Member[][], Member[][]] } | undefined;
  let taken = 0;
  for (const [index, group] of groups.entries()) {
    for (let cut = index === 0 && groups.length === 1 ? 0 : 1; cut <= group.length; cut++) {
      const left = taken + cut;
      const isParted = cut > 0 && cut < group.length;
      const cost = Math.abs(total - 2 * left) + (isParted ? 3.5 : 0);
      if (best !== undefined && cost >= best.cost) continue;
      const head = group.slice(0, cut);
      const tail = group.slice(cut);
      best = {
        cost,
        sides: [
          [...groups.slice(0, index), ...(head.length > 0 ? [head] : [])],
          [...(tail.length > 0 ? [tail] : []), ...groups.slice(index + 1)],
        ],
      };
    }
    taken += group.length;
  }
  return best?.sides ?? [[], []];
}

/** One type among many: a name above its agents. A single agent has its type beside its own name. */
function rowsOf(groups: readonly Member[][]): Row[] {
  const rows: Row[] = [];
  let at = 0;
  for (const [index, group] of groups.entries()) {
    if (index > 0 && (group.length > 1 || (groups[index - 1]?.length ?? 0) > 1)) at += between;
    if (group.length > 1) {
      rows.push({ at: at + headRoom / 2, member: null, group });
      at += headRoom;
    }
    for (const member of group) rows.push({ at: at++ + 0.5, member, group });
  }
  return rows;
}

function lengthOf(rows: readonly Row[]): number {
  const last = rows.at(-1);
  return last === undefined ? 0 : last.at + 0.5;
}

/** Room for a sector: from one step to the next it holds for a while. */
const roomFor = (count: number): number => Math.ceil(2 ** (Math.ceil(2 * Math.log2(Math.max(4, count))) / 2));

/** From the hub to the first marks: a message's label has room there. */
const hubRoom = 44;
/** What lies between two sectors, in radians. */
const furrow = 0.035;

function inSectors(groups: readonly Member[][], size: Size): Layout {
  const isNarrow = size.width < 620;
  const hubRadius = isNarrow ? 40 : 60;
  const x = size.width / 2;
  const y = (size.height + above - below) / 2;
  const room = Math.min((size.height - above - below) / 2, size.width / 2 - (isNarrow ? 12 : 150));
  const inner = hubRadius + hubRoom;
  const outer = Math.max(inner + 40, room);
  const rooms = groups.map((group) => roomFor(group.length));
  const total = rooms.reduce((sum, one) => sum + one, 0);
  const gap = Math.min(furrow, Math.PI / groups.length);
  const free = 2 * Math.PI - gap * groups.length;
  let next = -Math.PI / 2 + gap / 2;
  const spans = rooms.map((room): Span => {
    const span = { from: next, angle: (free * room) / total, room };
    next += span.angle + gap;
    return span;
  });
  const pitch = widestPitch(spans, inner, outer);

  const order: Member[] = [];
  const spots: number[] = [];
  const sectors: Sector[] = [];
  for (const [index, group] of groups.entries()) {
    const span = spans[index] as Span;
    let placed = 0;
    let ring = 0;
    for (; placed < group.length; ring++) {
      const radius = inner + (ring + 0.5) * pitch;
      const seats = seatsOf(span, radius, pitch);
      for (let seat = 0; seat < seats.count && placed < group.length; seat++, placed++) {
        const at = seats.at(fromMiddle(seat, seats.count));
        order.push(group[placed] as Member);
        spots.push(x + radius * Math.cos(at), y + radius * Math.sin(at));
      }
    }
    sectors.push({ from: span.from, angle: span.angle, inner: inner - 3, outer: inner + ring * pitch + 3 });
  }
  const rim = Math.max(inner, ...sectors.map((sector) => sector.outer));
  const heads = groups.map((group, index): Group => {
    const sector = { ...(sectors[index] as Sector), outer: rim };
    const label = sectorLabel(sector.from + sector.angle / 2, { x, y }, rim, size);
    return { type: group[0]?.type ?? '', count: group.length, label, rail: [], sector };
  });
  return {
    detail: 'marks',
    size,
    hub: { x, y, radius: hubRadius },
    order,
    spots: Float32Array.from(spots),
    radius: markRadius(pitch),
    labels: [],
    groups: withoutOverlap(heads),
    humans: { x, y: 28 },
    outside: { x, y: size.height - 24 },
  };
}

/** The middle seat first, then to both sides of it in turn. */
function fromMiddle(seat: number, seats: number): number {
  const middle = Math.floor((seats - 1) / 2);
  return seat % 2 === 1 ? middle + (seat + 1) / 2 : middle - seat / 2;
}

interface Span {
  readonly from: number;
  readonly angle: number;
  /** How many it has to hold. */
  readonly room: number;
}

const markRadius = (pitch: number): number => Math.max(1, pitch * 0.4);

/** The seats of a sector on one ring; the way from outside to the hub is nobody's. */
function seatsOf({ from, angle }: Span, radius: number, pitch: number) {
  const half = Math.asin(Math.min(1, (markRadius(pitch) + 3) / radius));
  const way = Math.max(from, Math.PI / 2 - half);
  const taken = Math.max(0, Math.min(from + angle, Math.PI / 2 + half) - way);
  const free = angle - taken;
  const count = Math.floor((radius * free) / pitch);
  const at = (seat: number): number => {
    const turn = from + (free * (seat + 0.5)) / count;
    return turn < way ? turn : turn + taken;
  };
  return { count, at };
}

function widestPitch(spans: readonly Span[], inner: number, outer: number): number {
  const fits = (pitch: number) => {
    const rings = Math.floor((outer - inner) / pitch);
    return spans.every((span) => {
      let seats = 0;
      for (let ring = 0; ring < rings && seats < span.room; ring++)
        seats += seatsOf(span, inner + (ring + 0.5) * pitch, pitch).count;
      return seats >= span.room;
    });
  };
  let pitch = 44;
  while (pitch > 0.5 && !fits(pitch)) pitch *= 0.94;
  return pitch;
}

/** At the rim, outside; beside the way from outside, not on it. */
function sectorLabel(angle: number, hub: Spot, rim: number, size: Size): Label {
  const isRight = Math.cos(angle) >= 0;
  const reach = Math.max((rim + 14) * Math.abs(Math.cos(angle)), Math.sin(angle) > 0.9 ? 48 : 0);
  const x = hub.x + (isRight ? reach : -reach);
  return {
    x,
    y: hub.y + (rim + 14) * Math.sin(angle),
    align: isRight ? 'left' : 'right',
    width: Math.min(200, (isRight ? size.width - x : x) - 8),
  };
}

/** Where two names would overlap, the larger group keeps its own. */
function withoutOverlap(groups: readonly Group[]): Group[] {
  const kept: Label[] = [];
  const isFree = (label: Label) =>
    label.width >= 40 && kept.every((other) => other.align !== label.align || Math.abs(other.y - label.y) >= 32);
  const shown = new Set<Group>();
  for (const group of [...groups].sort((a, b) => b.count - a.count)) {
    if (group.label === null || !isFree(group.label)) continue;
    kept.push(group.label);
    shown.add(group);
  }
  return groups.map((group) => (shown.has(group) ? group : { ...group, label: null }));
}
