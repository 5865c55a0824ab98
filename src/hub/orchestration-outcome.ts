/** How an orchestration ended, as whoever asked for it hears it. */
import type { RecordOf } from '../machines/messages.ts';
import { type OrchestrationReport, reportOf } from './orchestration-report.ts';
import type { OrchestrationEntry } from './orchestration-state.ts';

export type OrchestrationEnd = 'orchestration.completed' | 'orchestration.failed' | 'orchestration.cancelled';

export type OrchestrationOutcome =
  | { readonly status: 'completed'; readonly report: OrchestrationReport }
  | { readonly status: 'failed' | 'cancelled'; readonly reason: string; readonly report: OrchestrationReport };

/** The report is written when somebody looks at it: of what has ended, nothing changes any more. */
export function orchestrationOutcome(
  { type, payload }: RecordOf<OrchestrationEnd>,
  entry: OrchestrationEntry,
): OrchestrationOutcome {
  let written: OrchestrationReport | undefined;
  const write = () => {
    written ??= reportOf(entry);
    return written;
  };
  if (!('reason' in payload)) {
    return {
      status: 'completed',
      get report() {
        return write();
      },
    };
  }
  return {
    status: type === 'orchestration.failed' ? 'failed' : 'cancelled',
    reason: payload.reason,
    get report() {
      return write();
    },
  };
}
