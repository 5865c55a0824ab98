import {
  Activity,
  Bot,
  ChartGantt,
  CircleHelp,
  Columns2,
  FilePen,
  Flag,
  FolderTree,
  GitFork,
  ListOrdered,
  type LucideIcon,
  Network,
  ScrollText,
  Waypoints,
} from 'lucide-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { usePlayer, useWorkbench } from '../model/hooks.ts';
import type { View } from '../model/place.ts';
import type { Player } from '../model/player.ts';
import type { Run } from '../model/run.ts';
import { ActorsView } from '../views/actors.tsx';
import { LogView } from '../views/log.tsx';
import { Details } from './details.tsx';
import { GatesAnnouncer } from './gates-announcer.tsx';
import { Transport } from './transport.tsx';

interface Entry {
  readonly view: View;
  readonly name: string;
  readonly icon: LucideIcon;
  readonly component: React.ComponentType<{ readonly run: Run }>;
}

const SequenceView = lazy(async () => ({
  default: (await import('../views/sequence/sequence-view.tsx')).SequenceView,
}));
const FloorView = lazy(async () => ({ default: (await import('../views/floor/floor-view.tsx')).FloorView }));
const ProjectView = lazy(async () => ({ default: (await import('../views/project/project-view.tsx')).ProjectView }));
const TimelineView = lazy(async () => ({ default: (await import('../views/timeline.tsx')).TimelineView }));
const PlanView = lazy(async () => ({ default: (await import('../views/plan.tsx')).PlanView }));
const QueueView = lazy(async () => ({ default: (await import('../views/queue.tsx')).QueueView }));
const GatesView = lazy(async () => ({ default: (await import('../views/gates/gates-view.tsx')).GatesView }));
const HealthView = lazy(async () => ({ default: (await import('../views/health/health-view.tsx')).HealthView }));
const WhyView = lazy(async () => ({ default: (await import('../views/why/why-view.tsx')).WhyView }));

const ScenarioView = lazy(async () => ({
  default: (await import('../views/scenario/scenario-view.tsx')).ScenarioView,
}));
const CompareView = lazy(async () => ({ default: (await import('../views/compare/compare-view.tsx')).CompareView }));

const Soon = () => <div className="empty">Not there yet.</div>;

const entries: readonly Entry[] = [
  { view: 'floor', name: 'Floor', icon: Network, component: FloorView },
  { view: 'actors', name: 'Actors', icon: Bot, component: ActorsView },
  { view: 'sequence', name: 'Sequence', icon: Waypoints, component: SequenceView },
  { view: 'timeline', name: 'Timeline', icon: ChartGantt, component: TimelineView },
  { view: 'queue', name: 'Queue', icon: ListOrdered, component: QueueView },
  { view: 'plan', name: 'Plan', icon: GitFork, component: PlanView },
  { view: 'log', name: 'Log', icon: ScrollText, component: LogView },
  { view: 'project', name: 'Project', icon: FolderTree, component: ProjectView },
  { view: 'gates', name: 'Gates', icon: Flag, component: GatesView },
  { view: 'health', name: 'Health', icon: Activity, component: HealthView },
  { view: 'why', name: 'Why', icon: CircleHelp, component: WhyView },
  { view: 'compare', name: 'Compare', icon: Columns2, component: CompareView },
  { view: 'scenario', name: 'Scenario', icon: FilePen, component: ScenarioView },
];

/** A run: its views on the left, one of them in the middle, the selected actor on the right, time below. */
export function RunPage({ player }: { readonly player: Player }) {
  const workbench = useWorkbench();
  const { run } = usePlayer(player);
  const entry = entries.find(({ view }) => view === workbench.view) ?? entries[0];
  const ViewComponent = entry?.component ?? Soon;
  const nav = useRef<HTMLElement>(null);
  const shown = entry?.view;
  useEffect(() => {
    if (shown === undefined) return;
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [shown]);
  return (
    <div className="run-page">
      <nav ref={nav} aria-label="Views" className="view-nav">
        {entries.map(({ view, name, icon: Icon }) => (
          <button
            key={view}
            type="button"
            aria-current={view === workbench.view ? 'page' : undefined}
            onClick={() => workbench.show(view)}
          >
            <Icon size={18} aria-hidden />
            <span>{name}</span>
            {view === 'gates' && <OpenGates run={run} />}
          </button>
        ))}
      </nav>
      <main className="view" aria-label={entry?.name}>
        <Suspense>
          <ViewComponent run={run} />
        </Suspense>
      </main>
      <GatesAnnouncer run={run} />
      <Details run={run} />
      <Transport player={player} />
    </div>
  );
}

/** How many gates wait for a person. */
function OpenGates({ run }: { readonly run: Run }) {
  const open = run.alive('gate').filter((gate) => gate.at(run.position)?.state === 'open').length;
  if (open === 0) return null;
  return (
    <span className="count tone-human">
      {open}
      <span className="only-read"> open</span>
    </span>
  );
}
