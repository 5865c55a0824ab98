/** One record as a line for a terminal. */
import { describeRecord } from '../hub/describe-record.ts';
import type { HubRecord } from '../machines/messages.ts';
import { printable } from './style.ts';

export function describe(record: HubRecord): { readonly route: string; readonly what: string } {
  const { route, what } = describeRecord(record);
  return { route, what: printable(what) };
}
