/** A run in forms for others: for Perfetto, for Mermaid, for vitest. */
import { HubError, type HubRecord, sequenceOf, traceOf } from 'xstate-hub';
import { machines, toMermaid } from 'xstate-hub/machines';
import { exportTest } from 'xstate-hub/testing';
import type { ExportAs, Exported, Origin } from './protocol.ts';

/** @param origin of the run; undefined when it was never opened */
export async function exportAs(
  records: readonly HubRecord[],
  origin: Origin | undefined,
  { what, name, chart, interventions }: ExportAs,
): Promise<Exported> {
  if (what === 'test') return await exportTest({ records, name, ...scenarioOf(origin, interventions) });
  const file = (end: string, text: string): Exported => ({ files: [{ name: `${name}.${end}`, text }], missing: [] });
  if (what === 'trace') return file('trace.json', JSON.stringify(traceOf(records)));
  if (what === 'sequence') return file('sequence.mmd', sequenceOf(records));
  const machine = Object.values(machines).find(({ id }) => id === chart);
  if (machine === undefined) throw new HubError('invalid', `there is no chart ${chart}`);
  return { files: [{ name: `${chart}.mmd`, text: toMermaid(machine) }], missing: [] };
}

function scenarioOf(origin: Origin | undefined, commands: ExportAs['interventions']) {
  if (origin?.kind !== 'simulation') return {};
  const { text, seed, humans } = origin;
  return { scenario: { text, humans, commands, ...(seed !== undefined && { seed }) } };
}
