import { Check, CircleHelp, Link, Moon, Sun, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useWorkbench } from '../model/hooks.ts';
import type { Player } from '../model/player.ts';
import { nameOf } from '../model/run-name.ts';
import { ExportButton } from './export-button.tsx';
import { IconButton } from './icon-button.tsx';
import { useTheme } from './theme.ts';

export function TopBar() {
  const workbench = useWorkbench();
  const [theme, toggleTheme] = useTheme();
  const tabs = useRef<HTMLElement>(null);
  const currentId = workbench.current?.run.id;
  useEffect(() => {
    if (currentId !== undefined) tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [currentId]);
  return (
    <header className="top-bar">
      <button type="button" className="brand" onClick={() => workbench.leave()}>
        <img src="./icon.svg" alt="" width="22" height="22" />
        <span>xstate-hub</span>
      </button>
      <nav ref={tabs} aria-label="Runs" className="runs">
        {workbench.runs.map((player) => (
          <button
            key={player.run.id}
            type="button"
            className="run-tab"
            aria-current={player === workbench.current ? 'page' : undefined}
            onClick={() => workbench.look(player)}
          >
            <RunName player={player} />
          </button>
        ))}
        {workbench.current !== null && (
          <IconButton
            name={`Close ${workbench.current.run.opened.title}`}
            onPress={() => workbench.current !== null && workbench.close(workbench.current)}
          >
            <X size={14} />
          </IconButton>
        )}
      </nav>
      {workbench.current !== null && <ExportButton key={workbench.current.run.id} player={workbench.current} />}
      {workbench.current !== null && <CopyLink />}
      <IconButton name={theme === 'dark' ? 'Light colours' : 'Dark colours'} onPress={toggleTheme}>
        {theme === 'dark' ? <Sun size={16} /> : <Moon size={16} />}
      </IconButton>
      <IconButton name="Help" keys="?" onPress={() => workbench.toggleHelp()}>
        <CircleHelp size={16} />
      </IconButton>
    </header>
  );
}

function RunName({ player }: { readonly player: Player }) {
  const [title, ...more] = nameOf(player, useWorkbench().runs);
  return (
    <>
      <span className="truncate">{title}</span>
      {more.map((part) => (
        <span key={part} className="soft">
          {part}
        </span>
      ))}
    </>
  );
}

/** Puts the address of this place at hand, or says why it would lead nobody here. */
function CopyLink() {
  const workbench = useWorkbench();
  const [said, setSaid] = useState('');
  const copy = async () => {
    const address = new URL(workbench.link, location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      setSaid(workbench.linkTrouble ?? 'Link copied.');
    } catch {
      setSaid('The browser does not let this page copy: take the address from its bar.');
    }
    setTimeout(() => setSaid(''), 4_000);
  };
  return (
    <>
      <span role="status" className="soft">
        {said}
      </span>
      <IconButton name="Copy a link to this moment" onPress={() => void copy()}>
        {said === 'Link copied.' ? <Check size={16} /> : <Link size={16} />}
      </IconButton>
    </>
  );
}
