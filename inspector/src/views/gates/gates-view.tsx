import { useRef } from 'react';
import { gateAt, gatesAt, questionAt, questionsAt } from '../../model/gates.ts';
import { useRun, useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import '../../styles/gates.css';
import { GatePane } from './gate-pane.tsx';
import { Inbox } from './inbox.tsx';
import { QuestionPane } from './question-pane.tsx';

/** Everything that waits for a person, and what people have decided. */
export function GatesView({ run }: { readonly run: Run }) {
  useRun(run);
  const workbench = useWorkbench();
  const { open, closed } = gatesAt(run);
  const questions = questionsAt(run);
  const { selection } = workbench;
  const isOurs = selection !== null && /^(gate|consultation):/.test(selection) && isThere(run, selection);
  const last = useRef<string | null>(null);
  const kept = last.current !== null && isThere(run, last.current) ? last.current : null;
  const shown = isOurs ? selection : (kept ?? open[0]?.id ?? questions[0]?.id ?? closed[0]?.id ?? null);
  if (isOurs) last.current = selection;
  const history = shown === null ? undefined : run.actors.get(shown);
  const gate = history?.kind === 'gate' ? gateAt(run, history) : null;
  const question = history?.kind === 'consultation' ? questionAt(run, history) : null;
  const next = open.find(({ id }) => id !== shown);
  return (
    <div className="gates-view">
      <div className="gates-side">
        {run.origin.kind === 'simulation' && <DecideMyself run={run} />}
        <Inbox
          run={run}
          open={open}
          questions={questions}
          closed={closed}
          shown={shown}
          onShow={(id) => workbench.select(id)}
        />
      </div>
      <div className="gates-main">
        {gate !== null && (
          <GatePane
            key={gate.id}
            run={run}
            gate={gate}
            onDecided={() => workbench.select(gate.actor)}
            next={next === undefined ? null : { count: open.length, go: () => workbench.select(next.id) }}
          />
        )}
        {question !== null && <QuestionPane key={question.id} run={run} question={question} />}
        {gate === null && question === null && (
          <div className="empty">
            <strong>Nobody has been asked anything yet.</strong>
            When an agent needs a person to decide, it opens a gate, waits, and the gate is here.
          </div>
        )}
      </div>
    </div>
  );
}

const isThere = (run: Run, id: string): boolean => run.actors.get(id)?.at(run.position) !== undefined;

/** Who decides in a simulation: the people of the scenario, or the one at the page. */
function DecideMyself({ run }: { readonly run: Run }) {
  const workbench = useWorkbench();
  const humans = run.origin.kind === 'simulation' && run.origin.humans;
  return (
    <label className="decide-myself">
      <input type="checkbox" checked={!humans} onChange={() => void workbench.restart({ humans: !humans })} />
      <span>
        I decide the gates
        <span className="soft"> instead of the scenario's people; begins the run again</span>
      </span>
    </label>
  );
}
