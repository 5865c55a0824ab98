/** Why an agent got a task, and why a task waits. */
import type { Explanation, RecordOf } from 'xstate-hub';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { calledIn } from '../../model/talks.ts';
import { StateLabel } from '../../ui/mark.tsx';
import { number } from '../../ui/number.ts';

interface GroundsProps {
  readonly run: Run;
  readonly record: RecordOf<'task.assigned'>;
  /** Null while it is not known yet. */
  readonly explanation: Explanation | null;
}

export function Grounds({ run, record, explanation }: GroundsProps) {
  const { taskId, agentId, attempt, routing } = record.payload;
  const { strategy, confidence, reason, scores, alternatives } = routing;
  const score = Object.entries(scores);
  return (
    <section aria-label="Why this agent">
      <h2>Why {agentId}</h2>
      <p>
        <strong>{reason}</strong>
        <span className="soft">
          {' '}
          · router {strategy}, confidence {Math.round(confidence * 100)} % · attempt {attempt} at{' '}
          {calledIn(run, `task:${taskId}`)}
        </span>
      </p>
      {score.length > 0 && (
        <dl className="scores">
          {score.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <meter min={0} max={Math.max(1, value)} value={value} aria-label={name} /> {value.toFixed(2)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {alternatives.length > 0 && (
        <table className="plain-table">
          <caption className="only-read">Runners-up</caption>
          <thead>
            <tr>
              <th scope="col">Runner-up</th>
              <th scope="col">Score</th>
              <th scope="col">Because</th>
            </tr>
          </thead>
          <tbody>
            {alternatives.map((one) => (
              <tr key={one.agentId}>
                <td>{one.agentId}</td>
                <td>{one.score.toFixed(2)}</td>
                <td>{one.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {explanation !== null && <Candidates run={run} explanation={explanation} chosen={agentId} />}
    </section>
  );
}

interface WaitingProps {
  readonly run: Run;
  readonly taskId: string;
  readonly explanation: Explanation;
}

export function Waiting({ run, taskId, explanation }: WaitingProps) {
  return (
    <section aria-label="Why it waits">
      <h2>Why {calledIn(run, `task:${taskId}`)} waits</h2>
      <p>
        <strong>{explanation.choice === null ? explanation.summary : 'it is about to be given out'}</strong>
      </p>
      <Candidates run={run} explanation={explanation} chosen={explanation.choice?.agentId ?? null} />
    </section>
  );
}

const most = 60;

function Candidates(props: { readonly run: Run; readonly explanation: Explanation; readonly chosen: string | null }) {
  const { run, explanation, chosen } = props;
  const workbench = useWorkbench();
  const rank = ({ agentId, isCapable, isFree }: Explanation['agents'][number]) =>
    (agentId === chosen ? 4 : 0) + (isCapable ? 2 : 0) + (isFree ? 1 : 0);
  const agents = explanation.agents.toSorted((a, b) => rank(b) - rank(a));
  return (
    <table className="plain-table candidates">
      <caption className="soft">
        {agents.length > most ? `The nearest ${most} of ${number(agents.length)} agents` : 'Everybody who was there'}
      </caption>
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">Can do it</th>
          <th scope="col">Free</th>
          <th scope="col">How it stands</th>
        </tr>
      </thead>
      <tbody>
        {agents.slice(0, most).map(({ agentId, isCapable, isFree, why }) => (
          <tr key={agentId} className={agentId === chosen ? 'taken' : ''}>
            <td>
              <button
                type="button"
                className="link"
                disabled={!run.actors.has(`agent:${agentId}`)}
                onClick={() => workbench.select(`agent:${agentId}`)}
              >
                {agentId}
              </button>
            </td>
            <td>{yesOrNo(isCapable)}</td>
            <td>{yesOrNo(isFree)}</td>
            <td>{why}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const yesOrNo = (is: boolean) => <StateLabel tone={is ? 'done' : 'idle'}>{is ? 'yes' : 'no'}</StateLabel>;
