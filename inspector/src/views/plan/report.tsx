import type { OrchestrationReport } from 'xstate-hub';

/** What went otherwise than planned, and who was asked: only what there is. */
export function Report({ report }: { readonly report: OrchestrationReport }) {
  const { warnings, subtasks, consultations, gates, reasons, reason } = report;
  const outcome = (ended: string | null, by: string | null) => `${ended ?? 'open'}${by === null ? '' : ` by ${by}`}`;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Why', reason === null ? [] : [reason]],
    ['Analysis', reasons],
    ['Warnings', warnings],
    ['Failures', subtasks.flatMap(({ title, failures }) => failures.map((failure) => `${title}: ${failure}`))],
    [
      'Taken for zombies',
      subtasks.filter(({ zombies }) => zombies > 0).map(({ title, zombies }) => `${title}: ${zombies}×`),
    ],
    [
      'Questions',
      consultations.map(({ subtaskId, question, specialistType, outcome: ended, by }) => {
        return `${subtaskId} asked ${specialistType}: ${question} (${outcome(ended, by)})`;
      }),
    ],
    [
      'Decisions',
      gates.map(({ subtaskId, reason: about, outcome: ended, by, choice }) => {
        return `${subtaskId ?? 'the whole'}: ${about} (${outcome(ended, by)}${choice === null ? '' : `: ${choice}`})`;
      }),
    ],
  ];
  const said = sections.filter(([, items]) => items.length > 0);
  if (said.length === 0) return null;
  return (
    <section className="plan-report" aria-label="Report">
      {said.map(([name, items]) => (
        <div key={name}>
          <h3>{name}</h3>
          <ul>
            {items.slice(0, 12).map((item, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same can be said twice
              <li key={`${index} ${item}`}>{item}</li>
            ))}
            {items.length > 12 && <li className="soft">and {items.length - 12} more</li>}
          </ul>
        </div>
      ))}
    </section>
  );
}
