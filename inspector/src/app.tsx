import { lazy, Suspense } from 'react';
import { useWorkbench } from './model/hooks.ts';
import { useShortcuts } from './model/shortcuts.ts';
import type { Workbench } from './model/workbench.ts';
import { DropTarget } from './ui/drop-target.tsx';
import { Help } from './ui/help.tsx';
import { LineBar } from './ui/line-bar.tsx';
import { RunPage } from './ui/run-page.tsx';
import { StuckBar } from './ui/stuck-bar.tsx';
import { TopBar } from './ui/top-bar.tsx';
import { TroubleBar } from './ui/trouble-bar.tsx';
import { Gallery } from './views/gallery.tsx';

const GuestsView = lazy(async () => ({ default: (await import('./guests/guests-view.tsx')).GuestsView }));

export function App() {
  const workbench = useWorkbench();
  useShortcuts(workbench);
  return (
    <div className="app">
      <TopBar />
      <div>
        <TroubleBar />
        {workbench.current !== null && <LineBar run={workbench.current.run} />}
        {workbench.current !== null && <StuckBar run={workbench.current.run} />}
      </div>
      <Page workbench={workbench} />
      <Help />
      <DropTarget />
    </div>
  );
}

function Page({ workbench: { current, guests } }: { readonly workbench: Workbench }) {
  if (current !== null) return <RunPage key={current.run.id} player={current} />;
  if (guests === null) return <Gallery />;
  return (
    <Suspense>
      <GuestsView guests={guests} />
    </Suspense>
  );
}
