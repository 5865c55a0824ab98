/** Agents in checkpoints. */
import type { Json } from '../../machines/json.ts';
import type { AgentEntry } from '../registry.ts';
import type { HubState } from '../state.ts';
import { type ChartReader, savedChart } from './charts.ts';
import { restoreDeadlines, type SavedDeadline, savedDeadlines } from './rows.ts';

export interface AgentRow extends Omit<AgentEntry, 'actor' | 'mustRegister'> {
  /** Absent in older rows: who reads them starts a hub, and then it is so of all. */
  readonly mustRegister?: boolean;
  /** Where it stands among the free agents; null for one that is not free. */
  readonly freePlace: number | null;
  readonly chart: Json;
  readonly deadlines: readonly SavedDeadline[];
}

export function saveAgent(state: HubState, entry: AgentEntry): AgentRow {
  const { actor, inbox, ...kept } = entry;
  return {
    ...kept,
    inbox: [...inbox],
    freePlace: state.agents.freePlaceOf(entry) ?? null,
    chart: savedChart(actor),
    deadlines: savedDeadlines(state, 'agent', kept.spec.agentId),
  };
}

/** The agents that were kept, for the registry, with their places among the free. */
export function restoreAgent(
  state: HubState,
  charts: ChartReader,
  row: AgentRow,
): readonly [AgentEntry, freePlace: number | null] {
  const { chart, deadlines, freePlace, inbox, mustRegister = false, ...kept } = row;
  const { agentId } = kept.spec;
  restoreDeadlines(state, agentId, deadlines);
  return [{ ...kept, mustRegister, inbox: [...inbox], actor: charts.respawn('agent', agentId, chart) }, freePlace];
}
