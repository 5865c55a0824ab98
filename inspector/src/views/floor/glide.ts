/** When somebody joins a small team, the others make room: they glide to their new places, and do not jump. */
import type { Layout, Spot } from './layout.ts';

/** In ms. */
const time = 320;

export class Glide {
  #from: Layout | null = null;
  #to: Layout | null = null;
  #since = 0;

  /** Where everything is to go from now on. Another size, or another way to stand, is taken at once. */
  aim(to: Layout, now: number, isStill: boolean): void {
    if (to === this.#to) return;
    const from = this.#to === null ? null : this.at(now);
    const isAlike = from?.detail === to.detail && to.detail !== 'marks' && from.size === to.size;
    this.#from = isAlike && !isStill ? from : null;
    this.#to = to;
    this.#since = now;
  }

  isOver(now: number): boolean {
    return this.#from === null || now - this.#since >= time;
  }

  at(now: number): Layout {
    const [from, to] = [this.#from, this.#to as Layout];
    if (from === null || this.isOver(now)) return to;
    const left = (1 - Math.max(0, now - this.#since) / time) ** 3;
    const places = new Map(from.order.map(({ id }, index) => [id, index]));
    const spots = Float32Array.from(to.spots);
    const labels = [...to.labels];
    for (const [index, { id }] of to.order.entries()) {
      const known = places.get(id);
      if (known === undefined) continue;
      for (const axis of [0, 1]) {
        const there = to.spots[2 * index + axis] ?? 0;
        spots[2 * index + axis] = there + ((from.spots[2 * known + axis] ?? there) - there) * left;
      }
      const [old, label] = [from.labels[known], labels[index]];
      if (old?.align === label?.align && old !== undefined && label !== undefined) {
        labels[index] = { ...label, ...blend(old, label, left) };
      }
    }
    return { ...to, spots, labels };
  }
}

const blend = (from: Spot, to: Spot, left: number): Spot => ({
  x: to.x + (from.x - to.x) * left,
  y: to.y + (from.y - to.y) * left,
});
