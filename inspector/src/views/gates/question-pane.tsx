import { useId, useRef, useState } from 'react';
import { act } from '../../model/act.ts';
import type { Question } from '../../model/gates.ts';
import type { Run } from '../../model/run.ts';
import type { Refusal } from '../../model/worker-client.ts';
import { AsWhom, usePerson } from '../../ui/as-whom.tsx';
import { StateLabel } from '../../ui/mark.tsx';
import { length } from '../../ui/time.ts';
import { useNow } from '../../ui/use-now.ts';
import { Values } from '../../ui/values.tsx';

/** One question to a specialist; a person can answer it instead. */
export function QuestionPane({ run, question }: { readonly run: Run; readonly question: Question }) {
  const now = useNow(run);
  const person = usePerson(run);
  const [answer, setAnswer] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const id = useId();
  const name = useRef<HTMLInputElement>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  const { actable } = run;
  const { from, specialistType, specialistId, taskId, dueAt } = question;
  const trouble = !actable.ok ? actable.why : (person.trouble ?? (answer === '' ? 'Write an answer first.' : null));
  const give = async () => {
    if (trouble !== null) return (person.trouble === null ? text : name).current?.focus();
    try {
      await act(run, person.name, 'answerConsultation', question.id, answer);
    } catch (error) {
      setRefusal((error as Refusal).message);
    }
  };
  return (
    <article className="gate-pane" aria-labelledby="gate-heading">
      <header>
        <p className="gate-line">
          <StateLabel tone={question.isOpen ? 'ask' : 'done'}>{question.isOpen ? 'asked' : 'over'}</StateLabel>
          <span className="soft">for {length(Math.max(0, now - question.askedAt))}</span>
        </p>
        <h2 id="gate-heading" tabIndex={-1}>
          {question.question}
        </h2>
      </header>
      <dl className="gate-facts">
        <div>
          <dt>asked by</dt>
          <dd>{taskId === null ? from : `${from}, for ${run.facts.tasks.get(taskId)?.title ?? taskId}`}</dd>
        </div>
        <div>
          <dt>with</dt>
          <dd>{specialistId ?? `nobody yet: no ${specialistType} is free`}</dd>
        </div>
        {dueAt !== null && (
          <div>
            <dt>expires</dt>
            <dd>{dueAt <= now ? 'now' : `in ${length(dueAt - now)}`}</dd>
          </div>
        )}
      </dl>
      {question.context !== null && (
        <section aria-label="What there is to know">
          <Values value={question.context} />
        </section>
      )}
      {question.isOpen && (
        <form className="decide" aria-label="Answer" onSubmit={(event) => event.preventDefault()}>
          <textarea
            ref={text}
            className="field"
            aria-label="Answer"
            placeholder={`Answer in the place of ${specialistId ?? `a ${specialistType}`}`}
            rows={3}
            value={answer}
            onChange={(event) => setAnswer(event.target.value)}
          />
          <div className="decide-row">
            <AsWhom person={person} field={name} />
            <button
              type="button"
              className="button primary"
              aria-disabled={trouble !== null}
              aria-describedby={`${id}-why`}
              onClick={() => void give()}
            >
              Answer
            </button>
          </div>
          <p
            id={`${id}-why`}
            role="status"
            className={refusal === null ? 'decide-why' : 'decide-why tone-trouble said'}
          >
            {refusal ?? trouble ?? ''}
          </p>
        </form>
      )}
    </article>
  );
}
