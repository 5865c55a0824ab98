/** A breakpoint as people say it. */
import type { Breakpoint } from '../engine/protocol.ts';
import { wordsOf } from './tone.ts';

export function stopWords({ when }: Breakpoint): string {
  if ('recordType' in when) return `there is a ${when.recordType}`;
  if ('queueAbove' in when) return `more than ${when.queueAbove} tasks are queued`;
  return `${when.actor.replace(':', ' ')} enters ${wordsOf(when.state)}`;
}
