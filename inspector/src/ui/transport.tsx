import { ChevronFirst, ChevronLast, Pause, Play, RotateCcw, StepBack, StepForward } from 'lucide-react';
import { usePlayer, useWorkbench } from '../model/hooks.ts';
import { type Player, speeds } from '../model/player.ts';
import { stopWords } from '../model/stop-words.ts';
import { Control } from './control/control.tsx';
import { IconButton } from './icon-button.tsx';
import { StateLabel } from './mark.tsx';
import { number } from './number.ts';
import { Result } from './result.tsx';
import { clock } from './time.ts';

/** Why nothing goes on, when it stopped by itself. */
function standsWhy({ run, isPlaying, stoppedBy, hit }: Player): string {
  if (run.broken !== null) return `Broken from record ${number(run.head + 1)} on: ${run.broken.message}`;
  if (run.received > run.head && !run.isOver) return 'Reading the log…';
  if (isPlaying) return '';
  if (hit !== null) return `Stopped: ${stopWords(hit)}.`;
  return stoppedBy === 'gate' ? 'A gate is open: somebody has to decide.' : '';
}

/** Time: where we are in the run, and which way it goes. */
export function Transport({ player }: { readonly player: Player }) {
  const workbench = useWorkbench();
  const { run, speed } = usePlayer(player);
  const start = run.atOf(1) ?? 0;
  return (
    <footer className="transport">
      <div className="transport-buttons" role="group" aria-label="Time">
        <IconButton name="To the beginning" keys="Home" onPress={() => player.seek(0)}>
          <ChevronFirst size={18} />
        </IconButton>
        <IconButton name="One record back" keys="←" onPress={() => player.back()}>
          <StepBack size={18} />
        </IconButton>
        <PlayButton player={player} />
        <IconButton name="One record on" keys="→" onPress={() => void player.forward()}>
          <StepForward size={18} />
        </IconButton>
        <IconButton name="To the end" keys="End" onPress={() => player.toHead()}>
          <ChevronLast size={18} />
        </IconButton>
      </div>
      <div className="transport-track">
        <Marks player={player} />
        <input
          type="range"
          aria-label="Moment"
          aria-valuetext={`record ${run.position} of ${run.head}`}
          min={0}
          max={Math.max(run.head, 1)}
          value={run.position}
          onChange={(event) => player.seek(Number(event.target.value))}
        />
        <div className="transport-labels">
          <span className="mono">{clock((run.now ?? start) - start)}</span>
          {run.isLive && <StateLabel tone="work">live</StateLabel>}
          <Result run={run} />
          <span className="soft truncate" role="status">
            {standsWhy(player)}
          </span>
          <span className="soft mono">
            {number(run.position)} / {number(run.head)}
            {!run.isOver && run.isSimulation ? '+' : ''}
            {run.received > run.head && ` of ${number(run.received)}`}
          </span>
        </div>
      </div>
      <label className="speed">
        <span className="only-read">Speed</span>
        <select
          className="field"
          value={String(speed)}
          onChange={(event) => player.setSpeed(Number(event.target.value))}
        >
          {speeds.map((one) => (
            <option key={one} value={String(one)}>
              {Number.isFinite(one) ? `${one}×` : 'max'}
            </option>
          ))}
        </select>
      </label>
      <Control player={player} />
      {run.isSimulation && (
        <IconButton name="Run again from the beginning" onPress={() => void workbench.restart()}>
          <RotateCcw size={18} />
        </IconButton>
      )}
    </footer>
  );
}

function PlayButton({ player }: { readonly player: Player }) {
  const { run, offers } = usePlayer(player);
  const isLive = offers === 'nothing' && run.origin.kind === 'hub';
  const text = { pause: 'Pause', play: 'Play', 'play again': 'Play again', nothing: isLive ? 'Following' : 'Play' }[
    offers
  ];
  return (
    <button
      type="button"
      className={offers === 'play again' ? 'button play' : 'button primary play'}
      aria-disabled={offers === 'nothing'}
      onClick={() => player.toggle()}
    >
      {offers === 'pause' ? <Pause size={18} aria-hidden /> : <Play size={18} aria-hidden />}
      {text}
    </button>
  );
}

/** Gates and troubles on the track, so that people see where something happened. */
function Marks({ player: { run } }: { readonly player: Player }) {
  const marks = run.marks.within(run.head, 300);
  return (
    <svg className="marks" aria-hidden="true" preserveAspectRatio="none" viewBox={`0 0 ${Math.max(run.head, 1)} 1`}>
      {marks.map(({ seq, tone }) => (
        <path
          key={seq}
          className={`tone-${tone}`}
          d={`M${seq} 0V1`}
          stroke="var(--tone)"
          vectorEffect="non-scaling-stroke"
          strokeWidth="2"
        />
      ))}
    </svg>
  );
}
