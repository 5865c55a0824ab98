/** A closer look at a large floor: by wheel, by dragging, by buttons. */
import { type RefObject, useEffect, useState } from 'react';
import type { Layout, Size, Spot } from './layout.ts';

export interface Lens {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

const wholeFloor: Lens = { scale: 1, x: 0, y: 0 };
const closest = 40;

/** Everything as it is seen through the lens. */
export function through(layout: Layout, { scale, x, y }: Lens): Layout {
  if (scale === 1 && x === 0 && y === 0) return layout;
  const move = <S extends Spot>(spot: S): S => ({ ...spot, x: spot.x * scale + x, y: spot.y * scale + y });
  const spots = new Float32Array(layout.spots.length);
  for (let index = 0; index < spots.length; index += 2) {
    spots[index] = (layout.spots[index] ?? 0) * scale + x;
    spots[index + 1] = (layout.spots[index + 1] ?? 0) * scale + y;
  }
  return {
    ...layout,
    hub: { ...move(layout.hub), radius: layout.hub.radius * scale },
    spots,
    radius: layout.radius * scale,
    groups: layout.groups.map(({ label, sector, ...group }) => ({
      ...group,
      label: label && move(label),
      sector: sector && { ...sector, inner: sector.inner * scale, outer: sector.outer * scale },
    })),
    humans: move(layout.humans),
    outside: move(layout.outside),
  };
}

/** Closer or farther, with the spot under `at` where it is. */
function zoomed(lens: Lens, factor: number, at: Spot, size: Size): Lens {
  const scale = Math.min(closest, Math.max(1, lens.scale * factor));
  const by = scale / lens.scale;
  return within({ scale, x: at.x - (at.x - lens.x) * by, y: at.y - (at.y - lens.y) * by }, size);
}

/** The floor cannot be dragged out of sight. */
function within({ scale, x, y }: Lens, { width, height }: Size): Lens {
  const clamp = (value: number, length: number) => Math.min(0, Math.max(length * (1 - scale), value));
  return { scale, x: clamp(x, width), y: clamp(y, height) };
}

export interface LensControl {
  readonly lens: Lens;
  /** From the middle. */
  zoom(factor: number): void;
  reset(): void;
  /** So that a spot of the whole floor comes into view. */
  reveal(spot: Spot): void;
}

export function useLens(element: RefObject<HTMLElement | null>, size: Size, isOn: boolean): LensControl {
  const [lens, setLens] = useState(wholeFloor);
  useEffect(() => {
    const { current } = element;
    if (current === null || !isOn) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = current.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      setLens((known) => zoomed(known, Math.exp(-event.deltaY / 400), at, size));
    };
    const onMove = ({ buttons, movementX, movementY }: PointerEvent) => {
      if (buttons !== 1) return;
      setLens(({ scale, x, y }) => within({ scale, x: x + movementX, y: y + movementY }, size));
    };
    current.addEventListener('wheel', onWheel, { passive: false });
    current.addEventListener('pointermove', onMove);
    return () => {
      current.removeEventListener('wheel', onWheel);
      current.removeEventListener('pointermove', onMove);
    };
  }, [element, size, isOn]);
  const middle = { x: size.width / 2, y: size.height / 2 };
  return {
    lens: isOn ? lens : wholeFloor,
    zoom: (factor) => setLens((known) => zoomed(known, factor, middle, size)),
    reset: () => setLens(wholeFloor),
    reveal(spot) {
      const { scale } = lens;
      const seen = { x: spot.x * scale + lens.x, y: spot.y * scale + lens.y };
      const isSeen = seen.x > 20 && seen.y > 20 && seen.x < size.width - 20 && seen.y < size.height - 20;
      if (!isSeen) setLens(within({ scale, x: middle.x - spot.x * scale, y: middle.y - spot.y * scale }, size));
    },
  };
}
