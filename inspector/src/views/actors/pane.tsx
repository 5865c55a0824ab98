import { useEffect, useMemo, useState } from 'react';
import type { ChartDescription } from 'xstate-hub/machines';
import { ChartSteps } from '../../model/chart-steps.ts';
import type { Run } from '../../model/run.ts';
import { type Subject, subjectAt, toneOfSubject, wordsOfSubject } from '../../model/subject.ts';
import { calledIn } from '../../model/talks.ts';
import { ActorActs } from '../../ui/acts/actor-acts.tsx';
import '../../styles/chart.css';
import { StateLabel } from '../../ui/mark.tsx';
import { clock } from '../../ui/time.ts';
import { TableToggle } from '../../ui/toggle.tsx';
import { Chart } from './chart.tsx';
import { ChartTable } from './chart-table.tsx';
import { Life } from './life.tsx';
import { Now } from './now.tsx';

interface Props {
  readonly run: Run;
  readonly id: string;
  onSelect(id: string): void;
}

/** One actor: its chart with where it stands, what led there, and what is known of it. */
export function Pane({ run, id, onSelect }: Props) {
  const subject = subjectAt(run, id, run.position);
  const charts = useCharts(run);
  const [asTable, setAsTable] = useState(false);
  if (subject === null) {
    return <div className="empty">{id} is not there at this moment.</div>;
  }
  const chart = charts?.find((one) => one.id === subject.kind);
  const { state = '', means = '' } = subject.stays.at(-1) ?? {};
  const tone = toneOfSubject(subject.kind, means);
  return (
    <section className="actor-pane" aria-label={`${subject.kind} ${subject.name}`}>
      <header className="pane-head">
        <h2 className="truncate">{subject.id === 'hub' ? run.opened.title : calledIn(run, subject.id)}</h2>
        <StateLabel tone={tone}>{wordsOfSubject(subject.kind, means)}</StateLabel>
        <span className="soft truncate">{aboutOf(run, subject)}</span>
        <TableToggle isOn={asTable} onChange={setAsTable} />
      </header>
      <div className="pane-chart">
        {chart === undefined ? null : <ChartOf subject={subject} chart={chart} asTable={asTable} />}
      </div>
      <aside className="pane-side" aria-label="Selected">
        {id === 'hub' && <p className="soft">{run.opened.description}</p>}
        <LastStep run={run} subject={subject} />
        <ActorActs
          key={id}
          run={run}
          kind={subject.kind}
          name={subject.name}
          state={state}
          event={subject.stays.at(-1)?.event ?? ''}
        />
        <Now run={run} id={subject.id} onSelect={onSelect} />
        <Life run={run} subject={subject} />
      </aside>
    </section>
  );
}

function ChartOf({ subject, chart, asTable }: { subject: Subject; chart: ChartDescription; asTable: boolean }) {
  const steps = useMemo(() => new ChartSteps(chart), [chart]);
  const { stays, kind } = subject;
  const taken = useMemo(
    () => stays.map(({ event, state }, index) => steps.between(stays[index - 1]?.state, event, state)),
    [steps, stays],
  );
  const state = stays.at(-1)?.state ?? '';
  const last = { event: stays.at(-1)?.event ?? '', steps: taken.at(-1) ?? [] };
  const shared = { chart, state, last, taken, tone: toneOfSubject(kind, stays.at(-1)?.means) };
  return asTable ? <ChartTable {...shared} /> : <Chart {...shared} />;
}

function LastStep({ run, subject: { kind, stays } }: { readonly run: Run; readonly subject: Subject }) {
  const last = stays.at(-1);
  const before = stays.at(-2);
  if (last === undefined) return null;
  if (run.position === 0) return <p className="last-step soft">Nothing yet: press Play.</p>;
  const start = run.atOf(1) ?? 0;
  return (
    <p className="last-step">
      <span className="soft">last</span> <strong>{last.event === 'xstate.init' ? 'created' : last.event}</strong>
      <br />
      <span className="soft">
        {before !== undefined &&
          before.means !== last.means &&
          `${wordsOfSubject(kind, before.means)} → ${wordsOfSubject(kind, last.means)}, `}
        {last.seq > 0 && (
          <button type="button" className="link" onClick={() => run.seek(last.seq)}>
            record {last.seq}
          </button>
        )}{' '}
        <span className="mono">{clock((run.atOf(last.seq) ?? start) - start)}</span>
      </span>
    </p>
  );
}

function aboutOf({ facts }: Run, { kind, name }: Subject): string {
  if (kind === 'task') {
    const task = facts.tasks.get(name);
    const title = task === undefined || task.title === name ? '' : ` · ${task.title}`;
    return `task · ${task?.type ?? ''}${title}`;
  }
  return kind === 'agent' ? `agent · ${facts.agents.get(name)?.type ?? ''}` : kind;
}

/** The charts are the same at any moment. */
function useCharts(run: Run): readonly ChartDescription[] | null {
  const [charts, setCharts] = useState<readonly ChartDescription[] | null>(null);
  useEffect(() => {
    let isOver = false;
    run.ask('charts', {}).then(
      (answer) => !isOver && setCharts(answer),
      () => {}, // The run was closed meanwhile.
    );
    return () => {
      isOver = true;
    };
  }, [run]);
  return charts;
}
