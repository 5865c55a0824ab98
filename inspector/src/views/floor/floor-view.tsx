import { Minus, Plus, Scan } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { usePlayer, useRun, useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { useSize } from '../../ui/canvas.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { TableToggle } from '../../ui/toggle.tsx';
import { AgentTable } from './agent-table.tsx';
import { Caption } from './caption.tsx';
import { Places } from './geometry.ts';
import { layOut } from './layout.ts';
import { OpenGates } from './open-gates.tsx';
import { historiesOf, sceneOf } from './scene.ts';
import { Stage } from './stage.tsx';
import { TaskCountsBar } from './task-counts-bar.tsx';
import { through, useLens } from './zoom.ts';
import '../../styles/floor.css';

/** The hub in the middle, its agents around it, and every message on its way. */
export function FloorView({ run }: { readonly run: Run }) {
  useRun(run);
  const workbench = useWorkbench();
  const [isTable, setTable] = useState(false);
  const ground = useRef<HTMLDivElement>(null);
  const size = useSize(ground);
  const known = run.facts.agents.size;
  const whole = useMemo(() => {
    const members = [...run.facts.agents.values()].slice(0, known).map(({ id, type }) => ({ id, type }));
    return layOut(members, size);
  }, [run, known, size]);
  const isLarge = whole.detail === 'marks';
  const control = useLens(ground, size, isLarge);
  const { lens } = control;
  const layout = useMemo(() => through(whole, lens), [whole, lens]);
  const places = useMemo(() => new Places(layout), [layout]);
  const histories = useMemo(() => historiesOf(run, whole), [run, whole]);
  const { position, head } = run;
  const { selection } = workbench;
  // biome-ignore lint/correctness/useExhaustiveDependencies: position and head say when the run has changed
  const scene = useMemo(
    () => sceneOf(run, whole, histories, selection),
    [run, whole, histories, selection, position, head],
  );
  return (
    <div className={isTable ? 'floor with-table' : 'floor'}>
      <div className="view-bar floor-bar">
        <TaskCountsBar tasks={scene.tasks} />
        <span className="grow" />
        {isLarge && (
          <div className="floor-zoom" role="group" aria-label="Zoom">
            <IconButton name="Closer" onPress={() => control.zoom(1.6)}>
              <Plus size={16} />
            </IconButton>
            <IconButton name="Farther" onPress={() => control.zoom(1 / 1.6)}>
              <Minus size={16} />
            </IconButton>
            <IconButton name="The whole floor" onPress={() => control.reset()}>
              <Scan size={16} />
            </IconButton>
          </div>
        )}
        <TableToggle isOn={isTable} onChange={setTable} />
      </div>
      <div ref={ground} className="floor-ground">
        {size.width > 0 && (
          <PlayedStage
            run={run}
            layout={layout}
            whole={whole}
            places={places}
            scene={scene}
            onReveal={(index) => control.reveal(new Places(whole).spotAt(index))}
          />
        )}
        <OpenGates gates={scene.gates} at={layout.humans} width={size.width} />
      </div>
      <Caption run={run} lit={scene.lit} />
      <AgentTable run={run} scene={scene} isShown={isTable} />
    </div>
  );
}

/** The stage knows whether time runs. */
function PlayedStage(props: Omit<React.ComponentProps<typeof Stage>, 'playing'>) {
  const { current } = useWorkbench();
  if (current === null) return null;
  return <StageOfPlayer {...props} player={current} />;
}

function StageOfPlayer({
  player,
  ...props
}: Omit<React.ComponentProps<typeof Stage>, 'playing'> & { readonly player: Parameters<typeof usePlayer>[0] }) {
  const { isPlaying, speed } = usePlayer(player);
  return <Stage {...props} playing={isPlaying ? speed : null} />;
}
