import { useMemo, useState } from 'react';
import type { Run } from '../../model/run.ts';
import { type Subject, toneOfSubject, wordsOfSubject } from '../../model/subject.ts';
import { Mark } from '../../ui/mark.tsx';
import { clock, length } from '../../ui/time.ts';

/** How many are shown before somebody asks for more. */
const most = 50;

/** The states that it was in and for how long, and every event that it took, newest first. */
export function Life({ run, subject: { kind, stays } }: { readonly run: Run; readonly subject: Subject }) {
  const [all, setAll] = useState(false);
  const start = run.atOf(1) ?? 0;
  const now = run.now ?? start;
  const events = useMemo(() => {
    const timeOf = (seq: number) => run.atOf(seq) ?? start;
    let until = now;
    return [...stays]
      .map((stay, index) => ({ ...stay, at: timeOf(stay.seq), isNew: stays[index - 1]?.means !== stay.means }))
      .reverse()
      .map((stay) => {
        const lasted = until - stay.at;
        if (stay.isNew) until = stay.at;
        return { ...stay, lasted };
      });
  }, [run, stays, start, now]);
  const longest = Math.max(1, ...events.filter(({ isNew }) => isNew).map(({ lasted }) => lasted));
  const shown = all ? events : events.slice(0, most);
  return (
    <section className="life">
      <h3>What happened to it</h3>
      <table>
        <thead className="only-read">
          <tr>
            <th scope="col">When</th>
            <th scope="col">Event</th>
            <th scope="col">State, and for how long</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ seq, at, event, means, isNew, lasted }, index) => (
            <tr key={`${seq} ${String(events.length - index)}`} className={isNew ? 'new' : undefined}>
              <td className="mono soft">{clock(at - start)}</td>
              <td>
                <button type="button" className="link event" onClick={() => run.seek(seq)}>
                  {event === 'xstate.init' ? 'created' : event}
                </button>
                {isNew && (
                  <span className={`stay tone-${toneOfSubject(kind, means)}`}>
                    <Mark tone={toneOfSubject(kind, means)} />
                    <span>{wordsOfSubject(kind, means)}</span>
                    <span className="lasted">
                      <span className="bar" style={{ width: `${(100 * lasted) / longest}%` }} />
                    </span>
                    <span className="soft mono">{length(lasted)}</span>
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < events.length && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          All {events.length} events
        </button>
      )}
    </section>
  );
}
