import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openFold, type TraceEvent, traceOf } from '../../src/index.ts';
import { readScenario, runScenario } from '../../src/testing.ts';

async function traced(name: string) {
  const text = readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
  const { records } = await runScenario(readScenario(text, name));
  const { traceEvents: events } = JSON.parse(JSON.stringify(traceOf(records))) as { traceEvents: TraceEvent[] };
  const name_ = ({ pid, tid }: TraceEvent) =>
    events.find((one) => one.name === 'thread_name' && one.pid === pid && one.tid === tid)?.args?.name;
  return { records, events, nameOf: name_, start: records[0]?.at ?? 0 };
}

test.each(['auth-system', 'several-gates', 'zombie', 'diamond-dag'])(
  'Tr1: in %s every moment of an actor is in one slice, and that is its state in the fold',
  async (name) => {
    const { records, events, nameOf, start } = await traced(name);
    const slices = events.filter(({ ph }) => ph === 'X');
    const fold = openFold();
    const states = new Map<string, string>();
    for (const [index, record] of records.entries()) {
      for (const { actor, state } of fold.next(record)) states.set(actor, state);
      const next = records[index + 1]?.at;
      if (next === undefined || next === record.at) continue;
      const middle = ((record.at + next) / 2 - start) * 1000;
      for (const [actor, state] of states) {
        const [kind, id] = [actor.slice(0, actor.indexOf(':')), actor.slice(actor.indexOf(':') + 1)];
        const here = slices.filter(
          (slice) =>
            slice.cat === kind &&
            nameOf(slice) === id &&
            (slice.ts ?? 0) <= middle &&
            middle < (slice.ts ?? 0) + (slice.dur ?? 0),
        );
        const isEnded = /^(completed|failed|cancelled|stopped|answered|approved|rejected|expired)$/.test(state);
        expect(here.map((slice) => slice.name)).toEqual(isEnded ? [] : [state]);
      }
    }
  },
);

test('arrows have two ends with one id, from who spoke to who heard it', async () => {
  const { events, nameOf } = await traced('auth-system');
  const ends = (ph: string) => events.filter((event) => event.ph === ph);
  expect(ends('f').map(({ id }) => id)).toEqual(ends('s').map(({ id }) => id));
  expect(ends('f').every(({ bp }) => bp === 'e')).toBe(true);
  const message = ends('s').find((event) => event.name === 'design.ready');
  const heard = ends('f').find((event) => event.id === message?.id);
  expect([message, heard].map((end) => end && nameOf(end))).toEqual(['architect-1', 'backend-1']);
  const asked = ends('s').find((event) => event.name === 'consultation.asked');
  const answered = ends('s').find((event) => event.name === 'consultation.answered');
  expect([asked, answered].map((end) => end && nameOf(end))).toEqual(['backend-1', expect.stringMatching('security')]);
});
