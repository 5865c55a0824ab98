import { describe, expect, it } from 'vitest';
import { type Layout, layOut, type Member } from '../../inspector/src/views/floor/layout.ts';

const sizes = [
  { width: 1196, height: 611 },
  { width: 876, height: 611 },
  { width: 1516, height: 811 },
  { width: 390, height: 450 },
];

const team = (count: number, types: number): Member[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `agent-${index}`,
    type: `type-${Math.floor((index * types) / count)}`,
  }));

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What an agent's mark and its words take. */
function boxesOf({ order, spots, radius, labels, detail }: Layout): Box[] {
  return order.flatMap((_, index) => {
    const [x, y] = [spots[2 * index] ?? 0, spots[2 * index + 1] ?? 0];
    const mark = { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
    const label = labels[index];
    if (label === undefined) return [mark];
    const height = detail === 'cards' ? 30 : 15;
    const left =
      label.align === 'left' ? label.x : label.align === 'right' ? label.x - label.width : label.x - label.width / 2;
    const top = label.align === 'center' ? label.y : label.y - height / 2;
    return [mark, { left, right: left + label.width, top, bottom: top + height }];
  });
}

const overlap = (a: Box, b: Box) =>
  a.left < b.right - 0.01 && b.left < a.right - 0.01 && a.top < b.bottom - 0.01 && b.top < a.bottom - 0.01;

/** How many pairs of agents are drawn over each other. */
function collisions(layout: Layout): number {
  const { spots, radius, detail } = layout;
  let count = 0;
  if (detail !== 'marks') {
    const boxes = boxesOf(layout);
    for (const [index, box] of boxes.entries())
      count += boxes.slice(index + 1).filter((other) => overlap(box, other)).length;
    return count;
  }
  for (let a = 0; a < spots.length; a += 2) {
    for (let b = a + 2; b < spots.length; b += 2) {
      const away = Math.hypot((spots[a] ?? 0) - (spots[b] ?? 0), (spots[a + 1] ?? 0) - (spots[b + 1] ?? 0));
      if (away < 2 * radius) count++;
    }
  }
  return count;
}

describe.each(sizes)('on a floor of $width by $height', (size) => {
  it.each([
    [1, 1],
    [2, 2],
    [7, 2],
    [12, 12],
    [24, 1],
    [24, 8],
    [60, 6],
    [300, 5],
    [300, 90],
  ])('%i agents of %i types stand apart, within it, and out of the hub', (count, types) => {
    const layout = layOut(team(count, types), size);
    const boxes = boxesOf(layout);
    for (const box of boxes) {
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.right).toBeLessThanOrEqual(size.width);
      expect(box.top).toBeGreaterThanOrEqual(0);
      expect(box.bottom).toBeLessThanOrEqual(size.height);
    }
    expect(collisions(layout)).toBe(0);
    const { hub, spots } = layout;
    for (let index = 0; index < count; index++) {
      const away = Math.hypot((spots[2 * index] ?? 0) - hub.x, (spots[2 * index + 1] ?? 0) - hub.y);
      expect(away).toBeGreaterThan(hub.radius + layout.radius);
    }
  });

  it.each([
    [250, 1],
    [300, 5],
    [2_000, 90],
  ])('%i agents of %i types leave the way from outside free, and room for a label at the hub', (count, types) => {
    const { spots, hub, radius, detail } = layOut(team(count, types), size);
    expect(detail).toBe('marks');
    for (let index = 0; index < count; index++) {
      const [dx, dy] = [(spots[2 * index] ?? 0) - hub.x, (spots[2 * index + 1] ?? 0) - hub.y];
      expect(dy > 0 && Math.abs(dx) < radius + 2).toBe(false);
      expect(Math.abs(dx) < 45 + radius && dy > 0 && dy < hub.radius + 30).toBe(false);
    }
  });

  it('ten thousand agents stand in sectors by type, each within its own', () => {
    const layout = layOut(team(10_000, 8), size);
    expect(layout.detail).toBe('marks');
    expect(layout.order).toHaveLength(10_000);
    const { hub, spots, groups, order } = layout;
    for (const [index, { type }] of order.entries()) {
      const sector = groups.find((group) => group.type === type)?.sector;
      if (sector === null || sector === undefined) throw new Error(`${type} has no sector`);
      const [dx, dy] = [(spots[2 * index] ?? 0) - hub.x, (spots[2 * index + 1] ?? 0) - hub.y];
      const turn = (Math.atan2(dy, dx) - sector.from + 4 * Math.PI) % (2 * Math.PI);
      expect(turn).toBeLessThanOrEqual(sector.angle + 1e-3);
      expect(Math.hypot(dx, dy)).toBeLessThanOrEqual(sector.outer);
    }
  });
});

it('who comes later moves nobody of a large team, as long as there is room', () => {
  const size = { width: 1196, height: 611 };
  const before = layOut(team(400, 4), size);
  const after = layOut([...team(400, 4), { id: 'newcomer', type: 'type-1' }], size);
  const places = (layout: Layout) =>
    new Map(layout.order.map(({ id }, index) => [id, [layout.spots[2 * index], layout.spots[2 * index + 1]]]));
  const known = places(after);
  for (const [id, place] of places(before)) expect(known.get(id)).toEqual(place);
  expect(known.has('newcomer')).toBe(true);
});
