import { Filter, Group } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useRun, useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { TableToggle, Toggle } from '../../ui/toggle.tsx';
import { families } from './families.ts';
import { lifelinesOf, mostApart } from './lifelines.ts';
import { Rows } from './rows.ts';
import { SequenceCanvas } from './sequence-canvas.tsx';
import { SequenceList } from './sequence-list.tsx';
import '../../styles/sequence.css';

/** Who said what to whom, in the order of the log. */
export function SequenceView({ run }: { readonly run: Run }) {
  useRun(run);
  const { selection } = useWorkbench();
  const [shown, setShown] = useState(() => new Set(families.filter(({ isShown }) => isShown).map(({ name }) => name)));
  const [isOnly, setOnly] = useState(false);
  const [apart, setApart] = useState<boolean | null>(null);
  const [isList, setList] = useState(false);
  const actor = selection !== null && /^(agent|task):/.test(selection) ? selection : null;
  const about = isOnly ? actor : null;
  const rows = useMemo(() => new Rows(run, { families: shown, about }), [run, shown, about]);
  rows.update();
  const count = rows.length;
  const agents = run.facts.agents.size;
  const byType = !(apart ?? agents <= mostApart);
  const humans = rows.humans.size;
  const parties = rows.parties.size;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the counts say when others speak
  const lifelines = useMemo(
    () => lifelinesOf(run, rows, { byType, selection: actor, onlyParties: about !== null }),
    [run, rows, byType, actor, about, agents, humans, parties, count > 0],
  );
  const toggle = (name: string) => {
    const next = new Set(shown);
    if (!next.delete(name)) next.add(name);
    setShown(next);
  };
  return (
    <div className={isList ? 'sequence with-list' : 'sequence'}>
      <div className="view-bar sequence-bar">
        <div className="chips" role="group" aria-label="What is shown">
          {families.map(({ name }) => (
            <button
              key={name}
              type="button"
              className="chip"
              aria-pressed={shown.has(name)}
              onClick={() => toggle(name)}
            >
              {name}
            </button>
          ))}
        </div>
        <span className="grow" />
        {actor !== null && (
          <Toggle isOn={isOnly} onChange={setOnly} icon={Filter}>
            <span className="truncate only-name">Only {actor.slice(actor.indexOf(':') + 1)}</span>
          </Toggle>
        )}
        {agents > 1 && (
          <Toggle isOn={byType} onChange={(isOn) => setApart(!isOn)} icon={Group}>
            By type
          </Toggle>
        )}
        <TableToggle isOn={isList} onChange={setList} />
      </div>
      <SequenceCanvas run={run} rows={rows} lifelines={lifelines} />
      <SequenceList run={run} rows={rows} isShown={isList} />
    </div>
  );
}
