import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { gateAt, gatesAt, questionAt, questionsAt, type Told } from '../../inspector/src/model/gates.ts';
import { History } from '../../inspector/src/model/history.ts';
import { type HubRecord, openFold } from '../../src/index.ts';
import { readScenario, runScenario } from '../../src/testing.ts';

const folder = new URL('../../scenarios/', import.meta.url);

/** A run as the page has it, at any moment. */
function toldBy(records: readonly HubRecord[]) {
  const histories = new Map<string, History>();
  const fold = openFold();
  for (const record of records) {
    for (const change of fold.next(record)) {
      if (!histories.has(change.actor)) histories.set(change.actor, new History(change.actor));
      histories.get(change.actor)?.add(record.seq, change);
    }
  }
  return (position: number): Told => ({
    position,
    records: records as HubRecord[],
    recordById: (id) => records.find((record) => record.id === id),
    alive: (kind, seq = position) => [...histories.values()].filter((one) => one.kind === kind && one.bornSeq <= seq),
  });
}

test.each(readdirSync(folder))('%s: gates and questions are what the hub says, at every moment (Gm1)', async (file) => {
  const scenario = readScenario(readFileSync(new URL(file, folder), 'utf8'), file);
  const { records } = await runScenario(scenario);
  const told = toldBy(records);
  const fold = openFold();
  for (const record of records) {
    fold.next(record);
    const about = /^(gate|consultation|deadline)\./.test(record.type);
    if (!about && record.seq % 10 > 0) continue;
    const picture = fold.picture();
    const run = told(record.seq);
    const open = gatesAt(run).open.map((history) => gateAt(run, history));
    expect(open).toMatchObject(
      picture.gates.map(({ taskType: _taskType, next, ...gate }) => ({
        ...gate,
        state: 'open',
        verdict: null,
        ladder:
          next === null
            ? []
            : expect.arrayContaining([{ step: expect.objectContaining({ action: next.action }), at: next.at }]),
      })),
    );
    const closed = gatesAt(run).closed.map((history) => gateAt(run, history));
    expect(Object.fromEntries(closed.map((gate) => [gate?.id, gate?.state]))).toEqual(picture.closedGates);
    const questions = questionsAt(run).map((history) => questionAt(run, history));
    expect(questions).toMatchObject(
      picture.consultations.map(({ id, from, taskId, specialistId, question, dueAt }) => ({
        id,
        from,
        taskId,
        specialistId,
        question,
        dueAt,
        isOpen: true,
      })),
    );
  }
});

test('who decided a gate, when, and why', async () => {
  const scenario = readScenario(readFileSync(new URL('several-gates.yaml', folder), 'utf8'), 'several-gates.yaml');
  const { records } = await runScenario(scenario);
  const run = toldBy(records)(records.length);
  const verdicts = gatesAt(run).closed.map((history) => gateAt(run, history)?.verdict);
  const decided = records.filter(({ type }) => type === 'gate.approved' || type === 'gate.rejected').reverse();
  expect(decided.length).toBeGreaterThan(0);
  for (const record of decided) {
    const decision = records.find(({ id }) => id === record.causationId);
    const { seq, at, payload } = record as Extract<HubRecord, { type: 'gate.approved' }>;
    const reason = decision?.type === 'gate.decide' ? decision.payload.reason : '';
    expect(verdicts).toContainEqual(expect.objectContaining({ seq, at, by: payload.by, reason }));
  }
});
