/** What could not be delivered, and what can be done about it. */
import { useState } from 'react';
import type { Json, Picture } from 'xstate-hub';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import type { Refusal } from '../../model/worker-client.ts';
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

export function DeadLetters({ run, letters }: { readonly run: Run; readonly letters: readonly Letter[] }) {
  const workbench = useWorkbench();
  const [refused, setRefused] = useState('');
  const { actable } = run;
  const start = run.atOf(1) ?? 0;
  const act = async (name: string, ...args: Json[]) => {
    try {
      await run.command({ name, args });
      setRefused('');
    } catch (refusal) {
      setRefused((refusal as Refusal).message);
    }
  };
  return (
    <section aria-label="Dead letters" className="health-section">
      <div className="section-head">
        <h2>Dead letters</h2>
        {letters.length === 0 ? (
          <span className="soft">none: whatever was sent has arrived</span>
        ) : (
          <button type="button" className="button" disabled={!actable.ok} onClick={() => void act('purgeDeadLetters')}>
            Purge all {letters.length}
          </button>
        )}
      </div>
      {letters.length > 0 && !actable.ok && <p className="soft">{actable.why}</p>}
      <p role="alert" className="tone-trouble refused">
        {refused}
      </p>
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
                <td>
                  {from} → {to}
                </td>
                <td>{reasons[reason]}</td>
                <td className="letter-acts">
                  {messageType === 'message.send' && (
                    <button
                      type="button"
                      className="button quiet"
                      disabled={!actable.ok}
                      onClick={() => void act('replayDeadLetter', letterSeq)}
                    >
                      Send again
                    </button>
                  )}
                  <button
                    type="button"
                    className="button quiet danger"
                    disabled={!actable.ok}
                    onClick={() => void act('purgeDeadLetters', letterSeq)}
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
