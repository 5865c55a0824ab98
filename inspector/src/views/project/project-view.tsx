/** The project as the hub knows it at this moment, what changed since another, and everything that ever changed. */
import { useState } from 'react';
import type { Json } from 'xstate-hub';
import type { ProjectPicture } from '../../engine/protocol.ts';
import { useAnswer } from '../../model/answers.ts';
import { useRun } from '../../model/hooks.ts';
import { diffTree, treeOf } from '../../model/json-diff.ts';
import type { Run } from '../../model/run.ts';
import { StateLabel } from '../../ui/mark.tsx';
import { clock } from '../../ui/time.ts';
import { JsonTree } from './json-tree.tsx';
import { Changes, Phases, Schedules } from './lists.tsx';
import '../../styles/project.css';
import { number } from '../../ui/number.ts';

/** With what the moment is compared: nothing, the record before it, or the state after that record. */
type Base = 'nothing' | 'before' | number;

export function ProjectView({ run }: { readonly run: Run }) {
  useRun(run);
  const { position } = run;
  const [base, setBase] = useState<Base>('before');
  const baseSeq = base === 'before' ? Math.max(position - 1, 0) : base;
  const { answer: now } = useAnswer(run, 'project', { seq: position });
  const { answer: then } = useAnswer(run, 'project', { seq: baseSeq === 'nothing' ? position : baseSeq });
  if (now === null || then === null) return <div className="empty">…</div>;
  return (
    <div className="project-view">
      <Head run={run} picture={now} />
      <div className="project-columns">
        <section aria-label="State">
          <div className="section-head">
            <h2>State</h2>
            <Compare run={run} base={base} onBase={setBase} />
          </div>
          <JsonTree
            key={String(base)}
            label={`State after record ${position}`}
            node={baseSeq === 'nothing' ? treeOf('', shown(now)) : diffTree('', shown(then), shown(now))}
          />
        </section>
        <div className="project-lists">
          <Changes run={run} />
          <Phases run={run} history={now.state.history} />
          <Schedules run={run} schedules={now.schedules} />
        </div>
      </div>
    </div>
  );
}

/** What is compared: all but what has a list of its own. */
const shown = ({ state: { phase, metadata, counters } }: ProjectPicture): Json => ({
  phase,
  metadata,
  counters: { ...counters },
});

const hubTones = { running: 'work', paused: 'held', draining: 'ask' } as const;

function Head({ run, picture }: { readonly run: Run; readonly picture: ProjectPicture }) {
  const { project, hub, state } = picture;
  const { submitted, completed, failed, cancelled } = state.counters;
  const start = run.atOf(1) ?? 0;
  const parts = [
    { tone: 'done', count: completed, name: 'completed' },
    { tone: 'trouble', count: failed, name: 'failed' },
    { tone: 'idle', count: cancelled, name: 'cancelled' },
  ].filter(({ count }) => count > 0);
  return (
    <header className="project-head">
      <div>
        <h1>{project || 'No project yet'}</h1>
        <p className="soft">
          after record {run.position}, at <span className="mono">{clock((run.now ?? start) - start)}</span>
        </p>
      </div>
      <dl className="project-facts">
        <div>
          <dt>Phase</dt>
          <dd>{state.phase}</dd>
        </div>
        <div>
          <dt>Hub</dt>
          <dd>
            <StateLabel tone={hubTones[hub as keyof typeof hubTones] ?? 'idle'}>{hub}</StateLabel>
          </dd>
        </div>
        <div className="project-progress">
          <dt>Tasks that have ended</dt>
          <dd>
            <div
              className="progress-track"
              role="progressbar"
              aria-label="Tasks that have ended"
              aria-valuenow={Math.round((state.progress ?? 0) * 100)}
              aria-valuetext={`${completed + failed + cancelled} of ${submitted}`}
            >
              {parts.map(({ tone, count, name }) => (
                <i key={name} className={`tone-${tone}`} style={{ width: `${(count / submitted) * 100}%` }} />
              ))}
            </div>
            <span>
              {number(completed + failed + cancelled)} of {number(submitted)}
              <span className="soft">{parts.map(({ count, name }) => ` · ${number(count)} ${name}`).join('')}</span>
            </span>
          </dd>
        </div>
      </dl>
    </header>
  );
}

interface CompareProps {
  readonly run: Run;
  readonly base: Base;
  onBase(base: Base): void;
}

function Compare({ run, base, onBase }: CompareProps) {
  const start = run.atOf(1) ?? 0;
  const pinned = typeof base === 'number' && base > 0;
  return (
    <div className="compare">
      <label>
        <span className="soft">Compare with</span>{' '}
        <select
          className="field"
          value={String(base)}
          onChange={({ target: { value } }) =>
            onBase(value === 'nothing' || value === 'before' ? value : Number(value))
          }
        >
          <option value="before">the record before</option>
          <option value="0">the beginning</option>
          {pinned && (
            <option value={String(base)}>
              record {base}, {clock((run.atOf(base) ?? start) - start)}
            </option>
          )}
          <option value="nothing">nothing</option>
        </select>
      </label>
      <button
        type="button"
        className="button quiet"
        disabled={base === run.position}
        onClick={() => onBase(run.position)}
      >
        Compare from here
      </button>
    </div>
  );
}
