/** What could not be delivered, and what can be done about it. */
import type { Picture } from 'xstate-hub';
import { routeOf } from '../../model/flow.ts';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { Said } from '../../ui/acts/said.tsx';
import { useAct } from '../../ui/acts/use-act.ts';
import { AsWhom } from '../../ui/as-whom.tsx';
import { clock } from '../../ui/time.ts';

type Letter = Picture['deadLetters'][number];

const reasons: { readonly [reason in Letter['reason']]: string } = {
  inboxFull: 'the inbox was full',
  recipientGone: 'nobody of that name is there',
  staleLease: 'it came too late: somebody else had the task by then',
  gateClosed: 'the gate was decided already',
  notAllowed: 'the sender may not do that',
  staleContent: 'it was decided on other content than what stood there',
};

const shown = 200;

/** As the other views have it. */
function sentOf(run: Run, seq: number): string | undefined {
  const record = run.records[seq - 1];
  return record && routeOf(record, run);
}

export function DeadLetters({ run, letters }: { readonly run: Run; readonly letters: readonly Letter[] }) {
  const workbench = useWorkbench();
  const acting = useAct(run);
  const { person, trouble, does } = acting;
  const start = run.atOf(1) ?? 0;
  const isHeld = trouble !== null;
  const isLate = letters.some(({ messageType }) => messageType === 'task.result');
  return (
    <section aria-label="Dead letters" className="health-section">
      <div className="section-head">
        <h2>Dead letters</h2>
        {letters.length === 0 ? (
          <span className="soft">none: whatever was sent has arrived</span>
        ) : (
          <button
            type="button"
            className="button"
            disabled={isHeld}
            onClick={() => void does('All are purged.', 'purgeDeadLetters')}
          >
            Purge all {letters.length}
          </button>
        )}
      </div>
      {isLate && run.actable.ok && <AsWhom person={person} />}
      {(letters.length > 0 || acting.said !== null) && <Said acting={acting} />}
      {letters.length > 0 && (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Died</th>
              <th scope="col">Message</th>
              <th scope="col">From → to</th>
              <th scope="col">Because</th>
              <th scope="col">
                <span className="only-read">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {letters.slice(-shown).map(({ letterSeq, at, from, to, messageType, reason }) => (
              <tr key={letterSeq}>
                <td className="mono">{clock(at - start)}</td>
                <td>
                  <button type="button" className="link" onClick={() => workbench.select(`record:${letterSeq}`)}>
                    {messageType}
                  </button>
                </td>
                <td>{sentOf(run, letterSeq) ?? `${from} → ${to}`}</td>
                <td>{reasons[reason]}</td>
                <td className="letter-acts">
                  {messageType === 'message.send' && (
                    <button
                      type="button"
                      className="button quiet"
                      disabled={isHeld}
                      onClick={() => void does('It was sent again.', 'replayDeadLetter', letterSeq)}
                    >
                      Send again
                    </button>
                  )}
                  {messageType === 'task.result' && (
                    <button
                      type="button"
                      className="button quiet"
                      disabled={isHeld || person.trouble !== null}
                      title={person.trouble ?? undefined}
                      onClick={() => void does('The result was accepted.', 'acceptLateResult', letterSeq, person.name)}
                    >
                      Accept the result
                    </button>
                  )}
                  <button
                    type="button"
                    className="button quiet danger"
                    disabled={isHeld}
                    onClick={() => void does('It is purged.', 'purgeDeadLetters', letterSeq)}
                  >
                    Purge
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
