import { GitBranch, OctagonPause, Send, Zap } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { usePlayer } from '../../model/hooks.ts';
import type { Player } from '../../model/player.ts';
import '../../styles/control.css';
import { IconButton } from '../icon-button.tsx';

const FaultsPanel = lazy(async () => ({ default: (await import('./faults-panel.tsx')).FaultsPanel }));
const StopsPanel = lazy(async () => ({ default: (await import('./stops-panel.tsx')).StopsPanel }));
const HubPanel = lazy(async () => ({ default: (await import('../acts/hub-panel.tsx')).HubPanel }));
const ForkPanel = lazy(async () => ({ default: (await import('./fork-panel.tsx')).ForkPanel }));

/** What can be done to a run besides playing it: where it stops, what goes wrong, how else it could go on. */
export function Control({ player }: { readonly player: Player }) {
  const { run } = usePlayer(player);
  const stops = run.breakpoints.length;
  return (
    <div className="control" role="group" aria-label="Control">
      <Menu
        name={stops === 0 ? 'Breakpoints' : `Breakpoints: ${stops}`}
        icon={<OctagonPause size={18} />}
        count={stops}
      >
        {() => <StopsPanel player={player} />}
      </Menu>
      {run.origin.kind !== 'log' && run.opened.hub?.isRecorded !== true && (
        <Menu name="The hub" icon={<Send size={18} />}>
          {() => <HubPanel run={run} />}
        </Menu>
      )}
      {run.isSimulation && (
        <>
          <Menu name="Faults" icon={<Zap size={18} />}>
            {(close) => <FaultsPanel run={run} onDone={close} />}
          </Menu>
          <Menu name="Fork" keys="F" icon={<GitBranch size={18} />}>
            {(close) => <ForkPanel player={player} onDone={close} />}
          </Menu>
        </>
      )}
    </div>
  );
}

interface MenuProps {
  readonly name: string;
  readonly keys?: string;
  readonly icon: React.ReactNode;
  readonly count?: number;
  readonly children: (close: () => void) => React.ReactNode;
}

function Menu({ name, keys, icon, count = 0, children }: MenuProps) {
  return (
    <DialogTrigger>
      <IconButton name={name} {...(keys !== undefined && { keys })}>
        {icon}
        {count > 0 && (
          <span className="count tone-work" aria-hidden="true">
            {count}
          </span>
        )}
      </IconButton>
      <Popover className="popover" placement="top end" offset={10}>
        <Dialog className="panel" aria-label={name}>
          {({ close }) => <Suspense fallback={<p className="soft">…</p>}>{children(close)}</Suspense>}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
