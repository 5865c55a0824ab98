import { Check, X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { act } from '../../model/act.ts';
import type { Gate } from '../../model/gates.ts';
import type { Run } from '../../model/run.ts';
import { calledIn } from '../../model/talks.ts';
import type { Refusal } from '../../model/worker-client.ts';
import { GoToEnd } from '../../ui/acts/go-to-end.tsx';
import { AsWhom, usePerson } from '../../ui/as-whom.tsx';
import { anyOf, consequences } from './words.ts';

interface Props {
  readonly run: Run;
  readonly gate: Gate;
  onDecided(): void;
}

/** What a person cannot say with a word alone (the subtasks that replace one) is not offered. */
const sayable = ({ choices }: Gate) => choices?.filter((choice) => choice !== 'replace') ?? null;

/** Decides one gate, under a name, with a reason; once. */
export function DecideForm({ run, gate, onDecided }: Props) {
  const person = usePerson(run);
  const choices = sayable(gate);
  const [reason, setReason] = useState('');
  const [choice, setChoice] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPressedInVain, setPressedInVain] = useState(false);
  const id = useId();
  const name = useRef<HTMLInputElement>(null);
  const choosing = useRef<HTMLFieldSetElement>(null);
  const { actable } = run;
  const mayDecide = gate.approvers === null || gate.approvers.includes(person.name);
  const trouble = !actable.ok
    ? actable.why
    : (person.trouble ?? (mayDecide ? null : `Only ${anyOf(gate.approvers)} may decide this.`));
  const lacksChoice = choices !== null && choice === null;
  const lacks = trouble ?? (lacksChoice ? 'Choose one to approve.' : '');
  const { yes, no } = consequences(gate, (actor) => calledIn(run, actor));

  const showWhatLacks = () => {
    if (!actable.ok) return;
    if (trouble !== null) name.current?.focus();
    else choosing.current?.querySelector('input')?.focus();
  };
  const decide = async (decision: 'approve' | 'reject') => {
    if (isBusy) return;
    const isInVain = trouble !== null || (decision === 'approve' && lacksChoice);
    setPressedInVain(isInVain);
    if (isInVain) return showWhatLacks();
    setBusy(true);
    setRefusal(null);
    try {
      await act(run, person.name, 'decideGate', gate.id, {
        decision,
        by: person.name,
        reason,
        contentHash: gate.contentHash,
        ...(decision === 'approve' && choice !== null && { choice }),
      });
      onDecided();
    } catch (error) {
      setRefusal((error as Refusal).message);
      setBusy(false);
    }
  };
  const button = (decision: 'approve' | 'reject', isOff: boolean) => ({
    type: 'button' as const,
    'data-decide': decision,
    'aria-describedby': `${id}-why`,
    'aria-disabled': isOff || isBusy,
    onClick: () => void decide(decision),
  });
  return (
    <form className="decide" aria-label="Decision" onSubmit={(event) => event.preventDefault()}>
      {choices !== null && (
        <fieldset ref={choosing} className="choices">
          <legend>Which one?</legend>
          {choices.map((one) => (
            <label key={one}>
              <input type="radio" name={`${id}-choice`} checked={choice === one} onChange={() => setChoice(one)} />
              {one}
            </label>
          ))}
        </fieldset>
      )}
      <textarea
        className="field"
        aria-label="Reason"
        placeholder="Reason, for the log"
        rows={2}
        maxLength={10_000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="decide-row">
        <AsWhom person={person} names={gate.approvers ?? []} field={name} />
        <button {...button('approve', trouble !== null || lacksChoice)} className="button primary">
          <Check size={16} aria-hidden /> Approve
        </button>
        <button {...button('reject', trouble !== null)} className="button danger">
          <X size={16} aria-hidden /> Reject
        </button>
      </div>
      <p
        id={`${id}-why`}
        role="status"
        className={
          refusal !== null || (isPressedInVain && lacks !== '') ? 'decide-why tone-trouble said' : 'decide-why'
        }
      >
        {refusal ?? lacks}
      </p>
      <p className="soft decide-means">
        Yes: {yes}. No: {no}.
      </p>
      <GoToEnd run={run} />
    </form>
  );
}
