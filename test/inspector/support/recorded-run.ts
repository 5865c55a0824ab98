/** A run as the page's model sees it, made of a scenario's log, without a worker. */
import { readFileSync } from 'node:fs';
import { Facts } from '../../../inspector/src/model/facts.ts';
import { History } from '../../../inspector/src/model/history.ts';
import type { Run } from '../../../inspector/src/model/run.ts';
import { type ActorChange, type Fold, type HubRecord, openFold, type Picture } from '../../../src/index.ts';
import { readScenario, runScenario } from '../../../src/testing.ts';

export interface Moment {
  readonly seq: number;
  readonly picture: Picture;
  readonly changes: readonly ActorChange[];
}

/** @param text a scenario file */
export async function recordsOf(text: string): Promise<readonly HubRecord[]> {
  const { records } = await runScenario(readScenario(text, 'test.yaml'));
  return records;
}

export const scenarioText = (name: string): string =>
  readFileSync(new URL(`../../../scenarios/${name}.yaml`, import.meta.url), 'utf8');

/** @param onMoment hears of the state after each record, when it has been taken */
export function recordedRun(
  records: readonly HubRecord[],
  onMoment: (moment: Moment, run: Run) => void = () => {},
): Run {
  const fold: Fold = openFold();
  const taken: HubRecord[] = [];
  const changes: (readonly ActorChange[])[] = [];
  const actors = new Map<string, History>();
  const facts = new Facts();
  const run = {
    records: taken,
    changes,
    actors,
    facts,
    get head() {
      return taken.length;
    },
    get position() {
      return taken.length;
    },
    atOf: (seq: number) => taken[seq - 1]?.at,
    typeOf: (seq: number) => taken[seq - 1]?.type,
  } as unknown as Run;
  for (const record of records) {
    const changed = fold.next(record);
    taken.push(record);
    changes.push(changed);
    facts.take(record);
    for (const change of changed) {
      const actor = actors.get(change.actor) ?? new History(change.actor);
      actors.set(change.actor, actor);
      actor.add(record.seq, change);
    }
    onMoment({ seq: record.seq, picture: fold.picture(), changes: changed }, run);
  }
  return run;
}
