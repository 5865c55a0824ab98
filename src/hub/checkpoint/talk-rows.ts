/** Open questions, to specialists and to humans, and dead letters in checkpoints. */
import type { Json } from '../../machines/json.ts';
import { listUnder } from '../consultations.ts';
import type { ConsultationEntry, DeadLetter, GateEntry, HubState } from '../state.ts';
import { type ChartReader, savedChart } from './charts.ts';
import { restoreDeadlines, type SavedDeadline, savedDeadlines } from './rows.ts';

interface Kept {
  readonly chart: Json;
  readonly deadlines: readonly SavedDeadline[];
}

export interface ConsultationRow extends Omit<ConsultationEntry, 'actor'>, Kept {}

export function saveConsultation(state: HubState, { actor, ...kept }: ConsultationEntry): ConsultationRow {
  const deadlines = savedDeadlines(state, 'consultation', kept.spec.consultationId);
  return { ...kept, chart: savedChart(actor), deadlines };
}

/** In the order of their places. */
export function restoreConsultations(state: HubState, charts: ChartReader, rows: readonly ConsultationRow[]): void {
  for (const { chart, deadlines, ...kept } of rows) {
    const { consultationId, parentId } = kept.spec;
    const actor = charts.respawn('consultation', consultationId, chart);
    state.consultations.set(consultationId, { ...kept, actor });
    restoreDeadlines(state, consultationId, deadlines);
    if (parentId !== undefined) listUnder(state.nested, parentId, consultationId);
  }
  const waiting = rows.flatMap(({ waitsSince, spec }) => (waitsSince === null ? [] : [{ waitsSince, spec }]));
  for (const { spec } of waiting.sort((a, b) => a.waitsSince - b.waitsSince)) {
    listUnder(state.waiting, spec.specialistType, spec.consultationId);
  }
}

export interface GateRow extends Omit<GateEntry, 'actor'>, Kept {}

export function saveGate(state: HubState, { actor, ...kept }: GateEntry): GateRow {
  return { ...kept, chart: savedChart(actor), deadlines: savedDeadlines(state, 'gate', kept.spec.gateId) };
}

export function restoreGate(state: HubState, charts: ChartReader, { chart, deadlines, ...kept }: GateRow): void {
  const { gateId } = kept.spec;
  state.gates.set(gateId, { ...kept, actor: charts.respawn('gate', gateId, chart) });
  restoreDeadlines(state, gateId, deadlines);
}

export const restoreLetter = ({ deadLetters }: HubState, letter: DeadLetter): void => {
  deadLetters.set(letter.letterSeq, letter);
};
