/** What a record did to one actor: the transitions that its chart had, what their guards said, and where that led. */
import type { ActorStep, Json, TriedTransition } from 'xstate-hub';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { type SubjectKind, toneOfSubject } from '../../model/subject.ts';
import { calledIn } from '../../model/talks.ts';
import { StateLabel } from '../../ui/mark.tsx';

export function Step({ run, step }: { readonly run: Run; readonly step: ActorStep }) {
  const workbench = useWorkbench();
  const { actor, event, before, after, outcome, tried, changed } = step;
  const kind = (actor.includes(':') ? actor.slice(0, actor.indexOf(':')) : 'hub') as SubjectKind;
  const label = (state: string) => <StateLabel tone={toneOfSubject(kind, state)}>{state}</StateLabel>;
  return (
    <article className="step" aria-label={`${actor}: ${step.summary}`}>
      <div className="step-head">
        <h3>
          <button
            type="button"
            className="link"
            title={actor}
            disabled={kind !== 'hub' && !run.actors.has(actor)}
            onClick={() => workbench.select(actor)}
          >
            {calledIn(run, actor)}
          </button>{' '}
          {kind !== 'hub' && <span className="soft">{kind}</span>}
        </h3>
        <p className="step-way">
          {before === null ? <span className="soft">new</span> : label(before)}
          <span className="soft" aria-hidden>
            →
          </span>
          {label(after)}
        </p>
      </div>
      <p
        className={
          outcome === 'ignored' || outcome === 'refused' || outcome === 'broken' ? 'tone-trouble said' : 'soft'
        }
      >
        {sentence(step)}
      </p>
      {tried.length > 0 && (
        <table className="tried">
          <thead>
            <tr>
              <th scope="col">In state</th>
              <th scope="col">On</th>
              <th scope="col">If</th>
              <th scope="col">Leads to</th>
              <th scope="col">What came of it</th>
            </tr>
          </thead>
          <tbody>
            {tried.map((transition) => (
              <Transition key={nameOf(transition)} transition={transition} heard={event} />
            ))}
          </tbody>
        </table>
      )}
      {changed.length > 0 && (
        <dl className="noted">
          {changed.map(({ field, before: was, after: is }) => (
            <div key={field}>
              <dt>{field}</dt>
              <dd>
                <del>{textOf(was)}</del> → <span>{textOf(is)}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </article>
  );
}

function sentence({ outcome, event, before, after, summary }: ActorStep): string {
  switch (outcome) {
    case 'made':
      return 'It was made by this record.';
    case 'moved':
      return `It heard ${event} and left ${before} for ${after}.`;
    case 'stayed':
      return `It heard ${event} and stayed where it was.`;
    default:
      return `It heard ${event}: ${summary}.`;
  }
}

const nameOf = ({ state, event, guard, targets }: TriedTransition): string => `${state} ${event} ${guard} ${targets}`;

function Transition({ transition, heard }: { readonly transition: TriedTransition; readonly heard: string }) {
  const { state, event, guard, otherwise, targets, held, isTaken } = transition;
  return (
    <tr className={isTaken ? 'taken' : ''}>
      <td>{state === '' ? 'any' : state}</td>
      <td>{event ?? <span className="soft">nothing more</span>}</td>
      <td>{guard ?? <span className="soft">{otherwise ? 'otherwise' : 'always'}</span>}</td>
      <td>{targets.length === 0 ? <span className="soft">stays</span> : targets.join(', ')}</td>
      <td>
        {isTaken ? (
          <StateLabel tone="done">taken</StateLabel>
        ) : held === null ? (
          <span className="soft">not asked: one before it was taken</span>
        ) : (
          <StateLabel tone="trouble">
            {guard === null ? 'not taken' : `${guard} said no`}
            <span className="only-read"> to {heard}</span>
          </StateLabel>
        )}
      </td>
    </tr>
  );
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
