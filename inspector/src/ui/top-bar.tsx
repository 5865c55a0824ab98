import { CircleHelp, Moon, Sun } from 'lucide-react';
import { useWorkbench } from '../model/hooks.ts';
import { useTheme } from './theme.ts';

export function TopBar() {
  const workbench = useWorkbench();
  const [theme, toggleTheme] = useTheme();
  return (
    <header className="top-bar">
      <button type="button" className="brand" onClick={() => workbench.leave()}>
        <img src="./icon.svg" alt="" width="22" height="22" />
        xstate-hub
      </button>
      <nav aria-label="Runs" className="runs">
        {workbench.runs.map((player) => (
          <button
            key={player.run.id}
            type="button"
            className="run-tab"
            aria-current={player === workbench.current ? 'page' : undefined}
            onClick={() => workbench.look(player)}
          >
            <span className="truncate">{player.run.opened.title}</span>
            {player.run.opened.seed !== null && <span className="soft">seed {player.run.opened.seed}</span>}
          </button>
        ))}
      </nav>
      <button
        type="button"
        className="button quiet icon"
        aria-label={theme === 'dark' ? 'Light colours' : 'Dark colours'}
        onClick={toggleTheme}
      >
        {theme === 'dark' ? <Sun size={16} /> : <Moon size={16} />}
      </button>
      <button type="button" className="button quiet icon" aria-label="Keys" onClick={() => workbench.toggleHelp()}>
        <CircleHelp size={16} />
      </button>
    </header>
  );
}
