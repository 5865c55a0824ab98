import { useWorkbench } from './model/hooks.ts';
import { useShortcuts } from './model/shortcuts.ts';
import { Help } from './ui/help.tsx';
import { RunPage } from './ui/run-page.tsx';
import { TopBar } from './ui/top-bar.tsx';
import { TroubleBar } from './ui/trouble-bar.tsx';
import { Gallery } from './views/gallery.tsx';

export function App() {
  const workbench = useWorkbench();
  useShortcuts(workbench);
  return (
    <div className="app">
      <TopBar />
      <TroubleBar />
      {workbench.current === null ? <Gallery /> : <RunPage key={workbench.current.run.id} player={workbench.current} />}
      <Help />
    </div>
  );
}
