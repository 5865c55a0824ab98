import type { TaskCounts } from '../../model/tally.ts';
import type { Tone } from '../../model/tone.ts';
import { Mark } from '../../ui/mark.tsx';
import { number } from '../../ui/number.ts';

const shown: readonly {
  readonly of: keyof TaskCounts;
  readonly tone: Tone;
  readonly words: string;
  readonly always: boolean;
}[] = [
  { of: 'queued', tone: 'idle', words: 'queued', always: true },
  { of: 'working', tone: 'work', words: 'at work', always: true },
  { of: 'asking', tone: 'ask', words: 'asking', always: true },
  { of: 'atGate', tone: 'human', words: 'at a gate', always: true },
  { of: 'completed', tone: 'done', words: 'done', always: true },
  { of: 'failed', tone: 'trouble', words: 'failed', always: true },
  { of: 'later', tone: 'idle', words: 'for later', always: false },
  { of: 'cancelled', tone: 'trouble', words: 'cancelled', always: false },
];

/** How many tasks stand how: and so the legend of the picture. */
export function TaskCountsBar({ tasks }: { readonly tasks: TaskCounts }) {
  return (
    <ul className="task-counts" aria-label="Tasks">
      {shown.map(({ of, tone, words, always }) =>
        always || tasks[of] > 0 ? (
          <li key={of} className={tasks[of] === 0 ? 'none' : `tone-${tone}`}>
            <Mark tone={tone} />
            <b>{number(tasks[of])}</b> {words}
          </li>
        ) : null,
      )}
    </ul>
  );
}
