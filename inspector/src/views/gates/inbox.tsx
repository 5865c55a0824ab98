import { useState } from 'react';
import { gateAt, questionAt } from '../../model/gates.ts';
import type { History } from '../../model/history.ts';
import type { Run } from '../../model/run.ts';
import { type Tone, toneOf } from '../../model/tone.ts';
import { Mark } from '../../ui/mark.tsx';
import { clock } from '../../ui/time.ts';
import { verdictWords } from './words.ts';

interface Props {
  readonly run: Run;
  readonly open: readonly History[];
  readonly questions: readonly History[];
  readonly closed: readonly History[];
  readonly shown: string | null;
  onShow(id: string): void;
}

const atOnce = 50;

/** What waits for a person, and what people have decided; arrows go up and down. */
export function Inbox({ run, open, questions, closed, shown, onShow }: Props) {
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const rows = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button[data-row]')];
    const next = rows[rows.indexOf(document.activeElement as HTMLButtonElement) + step];
    next?.focus();
    next?.click();
  };
  const start = run.atOf(1) ?? 0;
  const row = (history: History, tone: Tone, text: string, about: string) => (
    <li key={history.id}>
      <button
        type="button"
        data-row
        aria-current={history.id === shown ? 'true' : undefined}
        onClick={() => onShow(history.id)}
      >
        <Mark tone={tone} />
        <span className="truncate">{text}</span>
        <span className="soft truncate">{about}</span>
      </button>
    </li>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows move between its buttons
    <div className="inbox" data-keys onKeyDown={onKeyDown}>
      <Part name="Open gates" items={open} empty="Nothing waits for a person.">
        {(history) => {
          const gate = gateAt(run, history);
          if (gate === null) return null;
          return row(history, 'human', gate.reason, gate.agentId ?? 'the hub');
        }}
      </Part>
      {questions.length > 0 && (
        <Part name="Questions to specialists" items={questions}>
          {(history) => {
            const question = questionAt(run, history);
            if (question === null) return null;
            return row(history, 'ask', question.question, question.from);
          }}
        </Part>
      )}
      {closed.length > 0 && (
        <Part name="Decided" items={closed}>
          {(history) => {
            const gate = gateAt(run, history);
            if (gate === null) return null;
            const when = gate.verdict === null ? '' : ` · ${clock(gate.verdict.at - start)}`;
            return row(history, toneOf('gate', gate.state), gate.reason, verdictWords(gate.state, gate.verdict) + when);
          }}
        </Part>
      )}
    </div>
  );
}

interface PartProps {
  readonly name: string;
  readonly items: readonly History[];
  readonly empty?: string;
  readonly children: (history: History) => React.ReactNode;
}

function Part({ name, items, empty, children }: PartProps) {
  const [count, setCount] = useState(atOnce);
  return (
    <section aria-label={name}>
      <h3>
        {name} {items.length > 0 && <span className="soft">{items.length}</span>}
      </h3>
      {items.length === 0 && <p className="soft">{empty}</p>}
      <ul>{items.slice(0, count).map(children)}</ul>
      {items.length > count && (
        <button type="button" className="button quiet" onClick={() => setCount(count + atOnce)}>
          Show more ({items.length - count})
        </button>
      )}
    </section>
  );
}
