import { useEffect, useRef, useState } from 'react';
import type { Gate } from '../../model/gates.ts';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { toneOf } from '../../model/tone.ts';
import { StateLabel } from '../../ui/mark.tsx';
import { clock, length } from '../../ui/time.ts';
import { useNow } from '../../ui/use-now.ts';
import { Values } from '../../ui/values.tsx';
import { DecideForm } from './decide-form.tsx';
import { anyOf, otherwise, verdictWords } from './words.ts';

interface Props {
  readonly run: Run;
  readonly gate: Gate;
  /** It was decided here just now. */
  onDecided(): void;
  readonly next: { readonly count: number; go(): void } | null;
}

/** One gate with everything that a person needs to decide it; or how it was decided. */
export function GatePane({ run, gate, onDecided, next }: Props) {
  const now = useNow(run);
  const heading = useRef<HTMLHeadingElement>(null);
  const [isDecidedHere, setDecidedHere] = useState(false);
  const isOpen = gate.state === 'open';
  useEffect(() => {
    if (isDecidedHere && !isOpen) heading.current?.focus();
  }, [isDecidedHere, isOpen]);
  const start = run.atOf(1) ?? 0;
  return (
    <article className="gate-pane" aria-labelledby="gate-heading">
      <header>
        <p className="gate-line">
          <StateLabel tone={toneOf('gate', gate.state)}>{gate.state}</StateLabel>
          <span className="soft">
            {isOpen ? `for ${length(Math.max(0, now - gate.openedAt))}` : `opened at ${clock(gate.openedAt - start)}`}
          </span>
        </p>
        <h2 id="gate-heading" ref={heading} tabIndex={-1}>
          {gate.reason}
        </h2>
      </header>
      <Asked gate={gate} run={run} />
      {gate.context !== null && (
        <section aria-label="What there is to know">
          <Values value={gate.context} />
        </section>
      )}
      {isOpen ? (
        <>
          <DecideForm
            run={run}
            gate={gate}
            onDecided={() => {
              setDecidedHere(true);
              onDecided();
            }}
          />
          <Otherwise gate={gate} now={now} />
        </>
      ) : (
        <Decided gate={gate} run={run} />
      )}
      {!isOpen && next !== null && (
        <button type="button" className="button" onClick={() => next.go()}>
          Next open gate ({next.count})
        </button>
      )}
    </article>
  );
}

function Asked({ gate, run }: { readonly gate: Gate; readonly run: Run }) {
  const workbench = useWorkbench();
  const actor = (kind: string, name: string | null, text = name) =>
    name === null ? null : (
      <button type="button" className="link" onClick={() => workbench.select(`${kind}:${name}`)}>
        {text}
      </button>
    );
  const title = gate.taskId === null ? null : (run.facts.tasks.get(gate.taskId)?.title ?? gate.taskId);
  const facts: [string, React.ReactNode][] = [
    ['asked by', actor('agent', gate.agentId) ?? 'the hub'],
    ['for', actor('task', gate.taskId, title)],
    ['part of', actor('orchestration', gate.orchestrationId)],
    [gate.state === 'open' ? 'may be decided by' : 'could be decided by', anyOf(gate.approvers)],
    ['reminded', gate.reminders === 0 ? null : gate.reminders === 1 ? 'once' : `${gate.reminders} times`],
  ];
  return (
    <dl className="gate-facts">
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Otherwise({ gate, now }: { readonly gate: Gate; readonly now: number }) {
  const steps = otherwise(gate, now);
  return (
    <section className="otherwise">
      <h3>When nobody decides</h3>
      {steps.length === 0 ? (
        <p className="soft">It waits.</p>
      ) : (
        <ol>
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Decided({ gate, run }: { readonly gate: Gate; readonly run: Run }) {
  const { verdict } = gate;
  const start = run.atOf(1) ?? 0;
  return (
    <section className="decided" aria-label="How it ended">
      <p>
        <strong>{verdictWords(gate.state, verdict)}</strong>
        {verdict !== null && (
          <>
            {' '}
            <button type="button" className="link soft" onClick={() => run.seek(verdict.seq)}>
              at {clock(verdict.at - start)}
            </button>
          </>
        )}
      </p>
      {verdict?.choice != null && <p>Chosen: {verdict.choice}</p>}
      {verdict !== null && verdict.reason !== '' && <blockquote>{verdict.reason}</blockquote>}
    </section>
  );
}
