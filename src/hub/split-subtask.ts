/**
 * A subtask that was too much, in two or three smaller ones: by its files, or by what its title joins with "and".
 */
import type { Subtask } from '../machines/plan.ts';
import { leadingVerb, partsOf, responsibilitiesOf } from './plan-words.ts';

/** Most parts. */
const most = 3;

interface Part {
  readonly title: string;
  readonly about: string;
  readonly files: readonly string[];
}

/** The smaller subtasks, their ids behind that of the whole; null when there is nothing to split by. */
export function splitSubtask(subtask: Subtask): Subtask[] | null {
  const steps = responsibilitiesOf(subtask.title);
  if (steps.length >= 2) return inOrder(partsOfSubtask(subtask, byTitle(subtask, steps)));
  if (new Set(subtask.files).size >= 2) return partsOfSubtask(subtask, byFiles(subtask));
  const things = partsOf(subtask.title);
  if (things.length >= 2) return partsOfSubtask(subtask, byTitle(subtask, things));
  return null;
}

function partsOfSubtask(subtask: Subtask, parts: readonly Part[]): Subtask[] {
  const share = (amount: number) => Math.ceil(amount / parts.length);
  const { min, max } = subtask.minutes;
  return parts.map(({ title, about, files }, index) => ({
    ...subtask,
    id: `${subtask.id.slice(0, 120)}.${index + 1}`,
    title: title.slice(0, 500),
    description: `${subtask.description}\n\nOnly this part of it: ${about}.`.trim().slice(-10_000),
    minutes: { min: share(min), max: share(max) },
    tokens: share(subtask.tokens),
    files: [...files],
    successCriteria: `${subtask.successCriteria} (this part of it: ${about})`.slice(0, 10_000),
  }));
}

/** Different actions come one after the other. */
const inOrder = (subtasks: readonly Subtask[]): Subtask[] =>
  subtasks.map((subtask, index) => {
    const before = subtasks[index - 1];
    return before === undefined ? subtask : { ...subtask, dependencies: [before.id] };
  });

function byFiles({ title, files }: Subtask): Part[] {
  return groups([...new Set(files)]).map((own) => ({
    title: `${title}: ${own.join(', ')}`,
    about: own.join(', '),
    files: own,
  }));
}

/** The verb of the whole goes before a part that has none. Which part changes which file, nobody can say. */
function byTitle({ title, files }: Subtask, parts: readonly string[]): Part[] {
  const verb = leadingVerb(title) === undefined ? '' : `${title.trim().split(/\s+/, 1)[0]} `;
  return groups(parts)
    .map((own) => own.join(', '))
    .map((about, index) => ({ title: index === 0 || leadingVerb(about) ? about : `${verb}${about}`, about, files }));
}

/** Two or three runs of much the same length. */
function groups<T>(items: readonly T[]): T[][] {
  const count = Math.min(most, items.length);
  return Array.from({ length: count }, (_, index) =>
    items.slice(Math.floor((index * items.length) / count), Math.floor(((index + 1) * items.length) / count)),
  );
}
