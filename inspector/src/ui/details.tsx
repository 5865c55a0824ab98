import { X } from 'lucide-react';
import { routeOf } from '../model/flow.ts';
import { useRun, useWorkbench } from '../model/hooks.ts';
import { causeOf } from '../model/links.ts';
import type { Run } from '../model/run.ts';
import { calledIn } from '../model/talks.ts';
import { toneOf, wordsOf } from '../model/tone.ts';
import { ActorActs } from './acts/actor-acts.tsx';
import { StateLabel } from './mark.tsx';
import { clock } from './time.ts';

/** The selected actor or record, beside every view. */
export function Details({ run }: { readonly run: Run }) {
  useRun(run);
  const workbench = useWorkbench();
  const { selection } = workbench;
  if (selection === null || selection === 'hub') return null;
  const isShownByView =
    (workbench.view === 'actors' && !selection.startsWith('record:')) ||
    (workbench.view === 'gates' && /^(gate|consultation):/.test(selection));
  if (isShownByView) return null;
  return (
    <aside className="details" aria-label="Selected">
      <button
        type="button"
        className="button quiet icon close"
        aria-label="Close the selection"
        onClick={() => workbench.select(null)}
      >
        <X size={16} />
      </button>
      {selection.startsWith('record:') ? (
        <RecordDetails run={run} seq={Number(selection.slice('record:'.length))} />
      ) : (
        <ActorDetails run={run} id={selection} />
      )}
    </aside>
  );
}

function ActorDetails({ run, id }: { readonly run: Run; readonly id: string }) {
  const workbench = useWorkbench();
  const actor = run.actors.get(id);
  const stay = actor?.at(run.position);
  if (actor === undefined || stay === undefined) return <p className="soft">{id} is not there at this moment.</p>;
  const count = actor.countAt(run.position);
  const last = actor.stays.slice(Math.max(0, count - 12), count).reverse();
  const start = run.records[0]?.at ?? 0;
  const task = run.facts.tasks.get(actor.name);
  const agent = run.facts.agents.get(actor.name);
  return (
    <>
      <h2 title={actor.name}>{calledIn(run, id)}</h2>
      <p className="soft">
        {actor.kind}
        {actor.kind === 'task' && task !== undefined && ` · ${task.type}`}
        {actor.kind === 'agent' && agent !== undefined && ` · ${agent.type}`}
      </p>
      {actor.kind === 'task' && task !== undefined && task.title !== task.id && <p>{task.title}</p>}
      <p>
        <StateLabel tone={toneOf(actor.kind, stay.means)}>{wordsOf(stay.means)}</StateLabel>{' '}
        <button type="button" className="link to-chart" onClick={() => workbench.show('actors')}>
          its chart
        </button>
      </p>
      <ActorActs key={id} run={run} kind={actor.kind} name={actor.name} state={stay.state} event={stay.event} />
      <section>
        <h3>What happened to it</h3>
        <ol className="history">
          {last.map(({ seq, event, means }, index) => (
            <li key={`${seq} ${String(index)}`}>
              <button type="button" onClick={() => run.seek(seq)}>
                <span className="mono soft">{clock((run.records[seq - 1]?.at ?? start) - start)}</span>
                <span className={`tone-${toneOf(actor.kind, means)}`}>{wordsOf(means)}</span>
                <span className="soft truncate">{event === 'xstate.init' ? 'created' : event}</span>
              </button>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

function RecordDetails({ run, seq }: { readonly run: Run; readonly seq: number }) {
  const record = run.records[seq - 1];
  if (record === undefined) return <p className="soft">There is no record {seq}.</p>;
  const { type, payload } = record;
  const cause = causeOf(run, record);
  return (
    <>
      <h2>{type}</h2>
      <p className="soft">
        record {seq} · {routeOf(record, run)}
      </p>
      {cause !== undefined && (
        <p>
          because of{' '}
          <button type="button" className="link" onClick={() => run.seek(cause.seq)}>
            {cause.type} ({cause.seq})
          </button>
        </p>
      )}
      <pre className="json">{JSON.stringify(payload, null, 2)}</pre>
    </>
  );
}
