import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { prepare } from '../../ui/canvas.ts';
import { useReducedMotion } from '../../ui/media.ts';
import { usePalette } from '../../ui/palette.ts';
import { sentenceOf } from './agents-at.ts';
import { Dots } from './dots.ts';
import { Places } from './geometry.ts';
import { Glide } from './glide.ts';
import type { Layout } from './layout.ts';
import { type Painting, paintFloor } from './paint.ts';
import { MarksLayer } from './paint-marks.ts';
import { nearest, neighbour, optionsOf } from './pointing.ts';
import type { Scene } from './scene.ts';

interface StageProps {
  readonly run: Run;
  /** As it is seen, and as it is. */
  readonly layout: Layout;
  readonly whole: Layout;
  readonly places: Places;
  readonly scene: Scene;
  /** How fast time runs; null when it stands still. */
  readonly playing: number | null;
  readonly onReveal: (index: number) => void;
}

/** The picture, and over it what can be pointed at: by pointer, by arrow keys, by a screen reader. */
export function Stage({ run, layout, whole, places, scene, playing, onReveal }: StageProps) {
  const workbench = useWorkbench();
  const { selection } = workbench;
  const palette = usePalette();
  const isStill = useReducedMotion();
  const isMoving = !isStill && playing !== null;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const [isFocused, setFocused] = useState(false);
  const pressed = useRef({ x: 0, y: 0 });
  const dots = useRef(new Dots());
  const [marks] = useState(() => new MarksLayer());
  const painting = useRef<Omit<Painting, 'context' | 'dots'> | null>(null);

  const [glide] = useState(() => new Glide());
  const paint = useRef((now: number) => {
    const { current } = canvas;
    const { current: what } = painting;
    if (current === null || what === null) return;
    const context = prepare(current, what.layout.size);
    if (context === null) return;
    const shown = glide.at(now);
    const where = shown === what.layout ? what.places : new Places(shown);
    paintFloor({ ...what, layout: shown, places: where, context, dots: dots.current.at(now) });
  });

  // Before what follows paints: nothing paints again when time has stopped.
  const { seq } = scene;
  useLayoutEffect(() => {
    if (playing === null || !isMoving) dots.current.stop(seq);
    else dots.current.follow(run, performance.now(), playing);
  }, [run, seq, playing, isMoving]);

  useLayoutEffect(() => {
    const pointedId = pointed === null ? null : (layout.order[pointed]?.id ?? null);
    const isFast = (playing ?? 0) > 2;
    painting.current = { palette, layout, places, scene, selection, pointed: pointedId, marks, isFast };
    glide.aim(layout, performance.now(), isStill);
    if (!isMoving) paint.current(performance.now());
  }, [palette, layout, places, scene, selection, pointed, playing, marks, glide, isStill, isMoving]);

  useEffect(() => {
    if (isMoving || glide.isOver(performance.now())) return;
    let frame = requestAnimationFrame(function tick(now) {
      paint.current(now);
      if (!glide.isOver(now)) frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  });

  useEffect(() => {
    if (!isMoving) return;
    let frame = 0;
    const tick = (now: number) => {
      paint.current(now);
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [isMoving]);

  const chosen = useRef<HTMLDivElement>(null);
  const isNamed = layout.detail !== 'marks';
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen may come into sight whenever these change
  useEffect(() => {
    if (isNamed) chosen.current?.scrollIntoView({ block: 'nearest' });
  }, [isNamed, layout, selection]);

  const select = (index: number | null) => {
    const member = index === null ? undefined : layout.order[index];
    if (member !== undefined) workbench.select(`agent:${member.id}`);
  };
  const spotUnder = ({ clientX, clientY, currentTarget }: React.MouseEvent) => {
    const box = currentTarget.getBoundingClientRect();
    return nearest(layout, { x: clientX - box.left, y: clientY - box.top });
  };
  const onKey = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      select(pointed);
      return;
    }
    const next = neighbour(whole, pointed, event.key);
    if (next === null) return;
    event.preventDefault();
    setPointed(next);
    onReveal(next);
  };
  const options = optionsOf(layout, pointed, selection);
  const pointedMember = pointed === null ? undefined : layout.order[pointed];
  return (
    <>
      <div aria-hidden="true">
        <canvas ref={canvas} className="floor-canvas" />
      </div>
      <div
        className="floor-agents"
        role="listbox"
        aria-label="Agents"
        aria-activedescendant={isFocused && pointedMember !== undefined ? `floor-${pointedMember.id}` : undefined}
        tabIndex={0}
        style={{ touchAction: isNamed ? 'pan-y' : 'none' }}
        data-pointed={pointedMember?.id}
        onKeyDown={onKey}
        onFocus={() => {
          setFocused(true);
          setPointed((known) => known ?? (layout.order.length > 0 ? 0 : null));
        }}
        onBlur={() => {
          setFocused(false);
          setPointed(null);
        }}
        onPointerMove={(event) => {
          if (event.buttons === 0) setPointed(spotUnder(event));
        }}
        onPointerLeave={() => setPointed(null)}
        onPointerDown={({ clientX, clientY }) => {
          pressed.current = { x: clientX, y: clientY };
        }}
        onClick={(event) => {
          const { x, y } = pressed.current;
          const isDrag = Math.hypot(event.clientX - x, event.clientY - y) > 5;
          if (!isDrag) select(spotUnder(event));
        }}
      >
        {options.map((index) => {
          const member = layout.order[index];
          const spot = places.spotAt(index);
          const agent = scene.agents[index];
          if (member === undefined) return null;
          return (
            <div
              key={member.id}
              ref={selection === `agent:${member.id}` ? chosen : undefined}
              id={`floor-${member.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={selection === `agent:${member.id}`}
              aria-posinset={index + 1}
              aria-setsize={layout.order.length}
              aria-label={agent === undefined ? member.id : sentenceOf(agent)}
              className="floor-agent"
              style={{
                left: spot.x - layout.radius,
                top: spot.y - layout.radius,
                width: 2 * layout.radius,
                height: 2 * layout.radius,
              }}
            />
          );
        })}
      </div>
    </>
  );
}
