import { expect, test } from 'vitest';
import { Glide } from '../../inspector/src/views/floor/glide.ts';
import { type Layout, layOut } from '../../inspector/src/views/floor/layout.ts';

const size = { width: 1196, height: 611 };
const team = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `a${index}`, type: 'worker' }));
const placeOf = ({ order, spots }: Layout, id: string) => {
  const index = order.findIndex((one) => one.id === id);
  return { x: spots[2 * index] ?? 0, y: spots[2 * index + 1] ?? 0 };
};

test('who has to make room glides there from where it stands', () => {
  const [before, after] = [layOut(team(4), size), layOut(team(7), size)];
  const glide = new Glide();
  glide.aim(before, 0, false);
  expect(glide.at(0)).toBe(before);
  glide.aim(after, 1_000, false);
  expect(placeOf(glide.at(1_000), 'a0')).toEqual(placeOf(before, 'a0'));
  const halfway = placeOf(glide.at(1_100), 'a0').y;
  expect(halfway).toBeLessThan(placeOf(before, 'a0').y);
  expect(halfway).toBeGreaterThan(placeOf(after, 'a0').y);
  expect(placeOf(glide.at(1_100), 'a6')).toEqual(placeOf(after, 'a6'));
  expect(glide.isOver(1_400)).toBe(true);
  expect(glide.at(1_400)).toBe(after);
});

test('nothing glides for those who do not want motion, nor when the floor has another size', () => {
  const after = layOut(team(7), size);
  const still = new Glide();
  still.aim(layOut(team(4), size), 0, true);
  still.aim(after, 1_000, true);
  expect(still.at(1_000)).toBe(after);
  const resized = new Glide();
  resized.aim(layOut(team(7), { width: 900, height: 611 }), 0, false);
  resized.aim(after, 1_000, false);
  expect(resized.at(1_000)).toBe(after);
});
