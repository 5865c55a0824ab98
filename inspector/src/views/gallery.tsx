import { Bot, FolderOpen, ListChecks } from 'lucide-react';
import { gallery } from '../model/gallery.ts';
import { useWorkbench } from '../model/hooks.ts';
import { openFile } from '../model/open-file.ts';
import { LiveHubCard } from './live-hub-card.tsx';

/** Where a person begins: every scenario, one click away; and logs of their own. */
export function Gallery() {
  const workbench = useWorkbench();
  const [first, ...others] = gallery;
  const card = (entry: (typeof gallery)[number], isFirst = false) => (
    <li key={entry.name} className={isFirst ? 'card first' : 'card'}>
      <button
        type="button"
        onClick={() => void workbench.openScenario(entry.name)}
        disabled={workbench.opening !== null}
      >
        <h2>{entry.name}</h2>
        <p>{entry.description}</p>
        <span className="card-foot soft">
          <span>
            <Bot size={14} aria-hidden /> {entry.agents} {entry.agents === 1 ? 'agent' : 'agents'}
          </span>
          <span>
            <ListChecks size={14} aria-hidden /> {entry.tasks} {entry.tasks === 1 ? 'piece of work' : 'pieces of work'}
          </span>
        </span>
      </button>
    </li>
  );
  return (
    <main className="gallery">
      <div className="gallery-head">
        <div>
          <h1>Watch a team of agents</h1>
          <div className="soft gallery-says">
            <p className={workbench.opening === null ? '' : 'unsaid'}>
              Each scenario runs a whole hub in this page, in simulated time. Play it, step through it, break it.
            </p>
            <p role="status">{workbench.opening !== null && `Opening ${workbench.opening} …`}</p>
          </div>
        </div>
        <label className="button">
          <FolderOpen size={16} aria-hidden /> Open a scenario or a log…
          <input
            type="file"
            className="only-read"
            accept=".yaml,.yml,.json,.jsonl,.ndjson"
            onChange={(event) => void openFile(workbench, event.target.files?.[0])}
          />
        </label>
      </div>
      <LiveHubCard />
      <ul className="cards">
        {first !== undefined && card(first, true)}
        {others.map((entry) => card(entry))}
      </ul>
    </main>
  );
}
