import type { Point } from './chart-layout.ts';

/** A line through points, as an SVG path with rounded corners. */
export function rounded(points: readonly Point[], radius = 5): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (before === undefined) return `M${point.x} ${point.y}`;
      if (after === undefined) return `L${point.x} ${point.y}`;
      const [into, out] = [towards(point, before, radius), towards(point, after, radius)];
      return `L${into.x} ${into.y}Q${point.x} ${point.y} ${out.x} ${out.y}`;
    })
    .join('');
}

/** So far from one point on the way to another, but no further than half of it. */
function towards(from: Point, to: Point, radius: number): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const distance = Math.hypot(dx, dy);
  if (distance === 0) return from;
  const share = Math.min(radius, distance / 2) / distance;
  return { x: from.x + dx * share, y: from.y + dy * share };
}
