/** The hub's health in words. */
import type { ComponentHealth, Health } from 'xstate-hub';
import { number } from '../../ui/number.ts';
import { length } from '../../ui/time.ts';

/** @param when `at the end of this log`, of a hub that is looked at long after; null for one that is there */
export function headline({ live, state }: Health, when: string | null): readonly [string, string, string] {
  if (when === null) return [live ? 'The hub is ' : 'The hub has stopped, ', state, ''];
  return [live ? 'The hub was ' : 'The hub had stopped, ', state, ` ${when}`];
}

export function about({ live, ready, state }: Health, when: string | null): string {
  const isNow = when === null;
  if (!live) return isNow ? 'Nothing goes on here any more.' : 'Nothing went on there any more.';
  if (ready) return isNow ? 'It takes tasks and gives out work.' : 'It took tasks and gave out work.';
  if (state === 'unhealthy') return isNow ? 'It is not fit to take tasks.' : 'It was not fit to take tasks.';
  return isNow ? 'It gives out no work now.' : 'It gave out no work.';
}

const plural = (count: number, one: string): string => `${number(count)} ${one}${count === 1 ? '' : 's'}`;

/** What was looked at. */
export function told(
  part: keyof Health['components'],
  figures: ComponentHealth['figures'],
  when: string | null,
): string {
  const isNow = when === null;
  const { depth = 0, ageMs = 0, registered = 0, tasks = 0, failed = 0 } = figures;
  switch (part) {
    case 'queue':
      if (depth === 0) return isNow ? 'Nothing waits.' : 'Nothing waited.';
      return `${number(depth)} waiting, the oldest for ${length(ageMs)}.`;
    case 'agents':
      if (registered === 0) return isNow ? 'There are none yet.' : 'There were none yet.';
      return `${number(registered)} registered, all within reach.`;
    case 'drivers':
      if (tasks === 0) return isNow ? 'Nothing has ended yet.' : 'Nothing had ended yet.';
      return `${failed === 0 ? 'None' : number(failed)} of the last ${plural(tasks, 'task')} failed by ${failed > 1 ? 'their' : 'its'} driver.`;
    case 'store':
      return isNow ? 'It writes its log.' : 'It wrote its log.';
  }
}
