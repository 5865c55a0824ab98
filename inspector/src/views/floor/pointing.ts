/** Which agent is meant: by a pointer, by an arrow key. */
import type { Layout, Spot } from './layout.ts';

/** The agent at a spot, or whose words are there; null for none. */
export function nearest({ order, spots, labels, radius, detail }: Layout, { x, y }: Spot): number | null {
  let best: number | null = null;
  let distance = Math.max(radius, 4) + 6;
  for (let index = 0; index < order.length; index++) {
    const dx = (spots[2 * index] ?? 0) - x;
    const dy = (spots[2 * index + 1] ?? 0) - y;
    const away = Math.hypot(dx, dy);
    if (away < distance) {
      distance = away;
      best = index;
    }
  }
  if (best !== null) return best;
  const line = detail === 'cards' ? 18 : 9;
  const found = labels.findIndex((label) => {
    const left =
      label.align === 'left' ? label.x : label.align === 'right' ? label.x - label.width : label.x - label.width / 2;
    const top = label.align === 'center' ? label.y : label.y - line;
    return x >= left && x <= left + label.width && y >= top && y <= top + 2 * line;
  });
  return found === -1 ? null : found;
}

const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** The next agent in the direction of an arrow key, first or last by Home and End; null when the key means nothing. */
export function neighbour({ order, spots }: Layout, from: number | null, key: string): number | null {
  if (order.length === 0) return null;
  if (key === 'Home') return 0;
  if (key === 'End') return order.length - 1;
  const direction = directions[key];
  if (direction === undefined) return null;
  if (from === null) return 0;
  const [dx, dy] = direction;
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < order.length; index++) {
    const x = (spots[2 * index] ?? 0) - (spots[2 * from] ?? 0);
    const y = (spots[2 * index + 1] ?? 0) - (spots[2 * from + 1] ?? 0);
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy + y * dx);
    if (index === from || ahead <= 0.5 || aside > 1.3 * ahead) continue;
    const cost = ahead + 2.2 * aside;
    if (cost < least) {
      least = cost;
      best = index;
    }
  }
  return best;
}

/** Those that a screen reader finds in the picture: all of a small team; of a large one who is pointed at or selected. */
export function optionsOf({ order, detail }: Layout, pointed: number | null, selection: string | null): number[] {
  if (detail !== 'marks') return order.map((_, index) => index);
  const selected = selection?.startsWith('agent:') ? order.findIndex(({ id }) => selection === `agent:${id}`) : -1;
  return [...new Set([pointed ?? -1, selected])].filter((index) => index !== -1);
}
