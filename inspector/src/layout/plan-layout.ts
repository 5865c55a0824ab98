/**
 * Where the cards of a plan go: a column for each stage, or several where some of a stage wait for others of it.
 *
 * - Pl1 what a subtask waits for is left of it.
 * - Pl2 no two cards overlap, and no line runs through a card that it does not belong to: a line that passes a column has
 *   a place there.
 */
import type { Point } from './chart-layout.ts';

export interface PlanItem {
  readonly id: string;
  /** From 1. */
  readonly stage: number;
  readonly dependencies: readonly string[];
}

export interface PlanLayout {
  readonly width: number;
  readonly height: number;
  /** The left upper corner of each card. */
  readonly cards: ReadonlyMap<string, Point>;
  readonly stages: readonly { readonly stage: number; readonly x: number; readonly width: number }[];
  readonly lines: readonly { readonly from: string; readonly to: string; readonly points: readonly Point[] }[];
}

export const card = { width: 208, height: 88 };
const gap = { x: 56, y: 18, pass: 14 };
export const headHeight = 46;

interface Slot {
  /** Null for the place of a line that passes by. */
  readonly id: string | null;
  readonly before: Slot[];
  readonly after: Slot[];
  column: number;
  y: number;
}

export function layOutPlan(items: readonly PlanItem[]): PlanLayout {
  const columnOf = columnsOf(items);
  const slots = new Map<string, Slot>(
    items.map(({ id }) => [id, { id, before: [], after: [], column: columnOf.get(id) ?? 0, y: 0 }]),
  );
  const columns: Slot[][] = [];
  const put = (slot: Slot) => {
    while (columns.length <= slot.column) columns.push([]);
    columns[slot.column]?.push(slot);
  };
  for (const { id } of items) put(slots.get(id) as Slot);
  const lines = items.flatMap(({ id, dependencies }) =>
    dependencies.flatMap((dependency) => {
      const [from, to] = [slots.get(dependency), slots.get(id)];
      if (from === undefined || to === undefined) return [];
      const path = [from];
      for (let column = from.column + 1; column < to.column; column++) {
        const slot: Slot = { id: null, before: [], after: [], column, y: 0 };
        put(slot);
        path.push(slot);
      }
      path.push(to);
      for (const [index, slot] of path.entries()) {
        const next = path[index + 1];
        if (next === undefined) continue;
        slot.after.push(next);
        next.before.push(slot);
      }
      return [{ from: dependency, to: id, path }];
    }),
  );
  untangle(columns);
  const height = place(columns);
  const xOf = (column: number) => gap.x / 2 + column * (card.width + gap.x);
  const middle = ({ id, y }: Slot) => y + (id === null ? gap.pass / 2 : card.height / 2);
  const stages = [...new Set(items.map(({ stage }) => stage))].sort((a, b) => a - b);
  return {
    width: Math.max(1, columns.length) * (card.width + gap.x),
    height: height + headHeight + gap.y,
    cards: new Map([...slots].map(([id, { column, y }]) => [id, { x: xOf(column), y: headHeight + y }])),
    stages: stages.map((stage) => {
      const own = items.filter((item) => item.stage === stage).map(({ id }) => columnOf.get(id) ?? 0);
      const [first, last] = [Math.min(...own), Math.max(...own)];
      return { stage, x: xOf(first), width: (last - first) * (card.width + gap.x) + card.width };
    }),
    lines: lines.map(({ from, to, path }) => ({
      from,
      to,
      points: path.flatMap((slot, index) => {
        const [x, y] = [xOf(slot.column), headHeight + middle(slot)];
        if (index === 0) return [{ x: x + card.width, y }];
        return index === path.length - 1
          ? [{ x, y }]
          : [
              { x, y },
              { x: x + card.width, y },
            ];
      }),
    })),
  };
}

/** Stage by stage; within a stage by how long the chain of those that wait for each other is. */
function columnsOf(items: readonly PlanItem[]): Map<string, number> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const depths = new Map<string, number>();
  const depthOf = (item: PlanItem): number => {
    const known = depths.get(item.id);
    if (known !== undefined) return known;
    depths.set(item.id, 0);
    const inner = item.dependencies.flatMap((id) => byId.get(id) ?? []).filter(({ stage }) => stage >= item.stage);
    const depth = inner.reduce((most, one) => Math.max(most, depthOf(one) + 1), 0);
    depths.set(item.id, depth);
    return depth;
  };
  const widths = new Map<number, number>();
  for (const item of items) widths.set(item.stage, Math.max(widths.get(item.stage) ?? 0, depthOf(item) + 1));
  const starts = new Map<number, number>();
  let start = 0;
  for (const stage of [...widths.keys()].sort((a, b) => a - b)) {
    starts.set(stage, start);
    start += widths.get(stage) ?? 1;
  }
  return new Map(items.map((item) => [item.id, (starts.get(item.stage) ?? 0) + depthOf(item)]));
}

/** Orders each column by where its neighbours are, back and forth, so that few lines cross. */
function untangle(columns: readonly Slot[][]): void {
  const number = () => {
    for (const column of columns) for (const [index, slot] of column.entries()) slot.y = index;
  };
  number();
  for (let round = 0; round < 6; round++) {
    const isForth = round % 2 === 0;
    for (const column of isForth ? columns : [...columns].reverse()) {
      const mean = (slot: Slot) => {
        const near = isForth ? slot.before : slot.after;
        return near.length === 0 ? slot.y : near.reduce((sum, { y }) => sum + y, 0) / near.length;
      };
      const means = new Map(column.map((slot) => [slot, mean(slot)]));
      column.sort((a, b) => (means.get(a) ?? 0) - (means.get(b) ?? 0));
      for (const [index, slot] of column.entries()) slot.y = index;
    }
  }
}

/** From top to bottom, each column in the middle. The answer is the height of all. */
function place(columns: readonly Slot[][]): number {
  const heightOf = ({ id }: Slot) => (id === null ? gap.pass : card.height);
  const heights = columns.map((column) => column.reduce((sum, slot) => sum + heightOf(slot) + gap.y, -gap.y));
  const tallest = Math.max(card.height, ...heights);
  for (const [index, column] of columns.entries()) {
    let y = (tallest - (heights[index] ?? 0)) / 2;
    for (const slot of column) {
      slot.y = y;
      y += heightOf(slot) + gap.y;
    }
  }
  return tallest;
}

/** A soft line through points that lie in pairs. */
export function softLine(points: readonly Point[]): string {
  const [first, ...others] = points;
  if (first === undefined) return '';
  let path = `M${first.x} ${first.y}`;
  let at = first;
  for (const point of others) {
    const middle = (at.x + point.x) / 2;
    path += at.y === point.y ? `H${point.x}` : `C${middle} ${at.y} ${middle} ${point.y} ${point.x} ${point.y}`;
    at = point;
  }
  return path;
}
