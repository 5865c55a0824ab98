/** Logs to look at. */
import { readFileSync } from 'node:fs';
import { exportLog, type HubRecord } from '../../../src/index.ts';
import { readScenario, runScenario } from '../../../src/testing.ts';

export async function logOf(name: string, seed?: number): Promise<readonly HubRecord[]> {
  const text = readFileSync(new URL(`../../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
  return (await runScenario(readScenario(text), seed === undefined ? {} : { seed })).records;
}

export const textOf = (records: readonly HubRecord[]): string => [...exportLog(records)].join('');

/** A log of many records: one scenario after another would not be one, so tasks by the hundred. */
const crowded = (tasks: number): string =>
  [
    'name: crowded\ndescription: many tasks\nagents:',
    ...Array.from({ length: 5 }, (_, n) => `  - { id: a${n}, type: worker, script: [{ work: { min: 1m, max: 9m } }] }`),
    'tasks:',
    ...Array.from({ length: tasks }, (_, n) => `  - { id: t${n}, at: ${n}m, type: any }`),
  ].join('\n');

export const crowdedLog = async (tasks: number): Promise<readonly HubRecord[]> =>
  (await runScenario(readScenario(crowded(tasks)))).records;
