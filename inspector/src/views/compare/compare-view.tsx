import { Dices, GitBranch } from 'lucide-react';
import { useEffect, useMemo, useReducer, useState } from 'react';
import { Comparison } from '../../model/comparison.ts';
import { useRun, useWorkbench } from '../../model/hooks.ts';
import type { Player } from '../../model/player.ts';
import type { Run } from '../../model/run.ts';
import { nameOf } from '../../model/run-name.ts';
import { Pairs, signs } from './pairs.tsx';
import '../../styles/compare.css';
import { number } from '../../ui/number.ts';

/** This run beside another one: where they part, and what is different from there on. */
export function CompareView({ run }: { readonly run: Run }) {
  const workbench = useWorkbench();
  const others = workbench.runs.filter((player) => player.run !== run);
  const [chosen, setChosen] = useState<Run | null>(null);
  const origin = workbench.current?.forkOf?.run;
  const other = others.find((player) => player.run === (chosen ?? origin)) ?? others.at(-1);
  if (other === undefined) return <Alone run={run} />;
  return (
    <div className="compare-view">
      <div className="view-bar">
        <label className="compare-with">
          Compare this run with
          <select
            className="field"
            value={other.run.id}
            onChange={(event) => setChosen(others.find((one) => one.run.id === event.target.value)?.run ?? null)}
          >
            {others.map((player) => (
              <option key={player.run.id} value={player.run.id}>
                {nameOf(player, workbench.runs).join(', ')}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Both key={`${run.id} ${other.run.id}`} run={run} other={other} />
    </div>
  );
}

function Both({ run, other: player }: { readonly run: Run; readonly other: Player }) {
  const { runs } = useWorkbench();
  const other = player.run;
  const own = runs.find((one) => one.run === run);
  const names = [own, player].map((one) => (one === undefined ? '' : nameOf(one, runs).join(', '))) as [string, string];
  useRun(run);
  useRun(other);
  const [, again] = useReducer((count: number) => count + 1, 0);
  const comparison = useMemo(() => new Comparison(run, other), [run, other]);
  const isLooking = comparison.look();
  useEffect(() => {
    if (!isLooking) return;
    const frame = requestAnimationFrame(again);
    return () => cancelAnimationFrame(frame);
  });
  return (
    <>
      <p role="status" className="compare-said">
        {saidOf(run, other, comparison)}
      </p>
      <ul className="compare-legend">
        {(['same', 'alike', 'different'] as const).map((likeness) => (
          <li key={likeness}>
            <strong aria-hidden>{signs[likeness].sign}</strong> {signs[likeness].words}
          </li>
        ))}
      </ul>
      <Pairs run={run} other={other} names={names} comparison={comparison} />
    </>
  );
}

function saidOf(run: Run, other: Run, { firstDifference, same, isByIds }: Comparison): string {
  const alike = isByIds ? 'The same but for generated ids' : 'The same';
  if (firstDifference !== null) {
    return same === 0
      ? 'They differ from the first record on.'
      : `${alike} up to record ${number(same)}. The first difference is record ${number(firstDifference)}.`;
  }
  if (run.head === other.head) return `${alike}, all ${number(same)} records.`;
  return `${alike} as far as both are: this one has ${number(run.head)} records, the other ${number(other.head)}.`;
}

function Alone({ run }: { readonly run: Run }) {
  const workbench = useWorkbench();
  const { origin } = run;
  return (
    <div className="empty">
      <p>Nothing to compare with yet: open another run or log from the gallery.</p>
      {origin.kind === 'simulation' && (
        <p className="compare-offers">
          <button type="button" className="button" onClick={() => void workbench.fork()}>
            <GitBranch size={16} aria-hidden /> Fork this run here
          </button>
          <button
            type="button"
            className="button"
            onClick={() =>
              void workbench.open({ ...origin, interventions: [], seed: (run.opened.seed ?? 0) + 1 }, run.opened.title)
            }
          >
            <Dices size={16} aria-hidden /> Run it with another seed
          </button>
        </p>
      )}
    </div>
  );
}
