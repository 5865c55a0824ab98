import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Hub } from '../../src/index.ts';
import {
  type ExportedTest,
  exportTest,
  type GivenCommand,
  playScenario,
  readScenario,
  runScenario,
  simulate,
} from '../../src/testing.ts';
import { restartAfter } from '../support/restart.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));
const textOf = (name: string) => readFileSync(new URL(`${name}.yaml`, folder), 'utf8');

const failuresOf = async ({ files }: ExportedTest): Promise<string[]> => {
  const { expectations } = await runScenario(readScenario(files[0]?.text ?? ''));
  return expectations.filter(({ ok }) => !ok).map(({ text }) => text);
};

test.each(['auth-system', 'auth-orchestration', 'several-gates', 'stalled-agent', 'schedules'])(
  'exported from its run, %s gives the same log and misses nothing (Xt1)',
  async (name) => {
    const { records } = await runScenario(readScenario(textOf(name), name));
    const exported = await exportTest({ records, name, scenario: { text: textOf(name) } });
    expect(exported.files.map((file) => file.name)).toEqual([`${name}.scenario.yaml`, `${name}.test.ts`]);
    expect(exported).toMatchObject({ missing: [], isExact: true });
    expect(await failuresOf(exported)).toEqual([]);
  },
);

/** What a log alone cannot bring about again: that a question was asked in vain before it was asked of nobody. */
const known: Readonly<Record<string, number>> = { 'no-specialist': 1 };

test.each(names)('exported from nothing but its log, %s passes and does the same (Xt1, Sl1)', async (name) => {
  const { records } = await runScenario(readScenario(textOf(name), name));
  const exported = await exportTest({ records, name });
  expect(exported.missing.length).toBe(known[name] ?? 0);
  expect(await failuresOf(exported)).toEqual([]);
});

/** A run that somebody takes a hand in, as at the page. */
async function played(name: string, doings: readonly ((hub: Hub) => GivenCommand['command'] | undefined)[]) {
  const play = await playScenario(readScenario(textOf(name), name), { humans: false });
  const { hub, records } = play.simulation;
  const commands: GivenCommand[] = [];
  const waiting = [...doings];
  for (;;) {
    const command = waiting[0]?.(hub);
    if (command === undefined && !(await play.advance())) break;
    if (command === undefined) continue;
    waiting.shift();
    commands.push({ afterSeq: records().length, command });
    await (hub[command.name as 'decideGate'] as (...args: readonly unknown[]) => unknown)(...command.args);
    await play.simulation.settle();
  }
  return { records: (await play.finish()).records, commands };
}

const decide =
  (reason: string, decision: 'approve' | 'reject', by: string) =>
  (hub: Hub): GivenCommand['command'] | undefined => {
    const gate = hub.gates().find((one) => one.reason.includes(reason));
    return gate && { name: 'decideGate', args: [gate.id, { decision, by, reason: 'seen' }] };
  };

test('what a person decided and did is in the scenario: humans, acts, and how it ended', async () => {
  const { records, commands } = await played('auth-system', [
    (hub) => (hub.agent('writer-1')?.currentTask ? { name: 'pauseAgent', args: ['writer-1'] } : undefined),
    (hub) => (hub.gates().length > 0 ? { name: 'resumeAgent', args: ['writer-1'] } : undefined),
    decide('medium risk', 'reject', 'ann'),
  ]);
  expect(commands.length).toBe(3);
  const exported = await exportTest({
    records,
    name: 'by hand',
    scenario: { text: textOf('auth-system'), humans: false, commands },
  });
  expect(exported.missing).toEqual([]);
  const scenario = readScenario(exported.files[0]?.text ?? '');
  expect(scenario.humans).toMatchObject([{ id: 'ann', decision: 'reject', reason: 'seen' }]);
  expect(scenario.acts.map((act) => Object.keys(act).filter((key) => key !== 'at')[0])).toEqual([
    ...['project', 'project', 'pauseAgent', 'resumeAgent'],
  ]);
  expect(scenario.expect).toContainEqual({
    gate: { reason: 'The audit found one medium risk. Release all the same?', outcome: 'rejected', by: 'ann' },
  });
  expect(await failuresOf(exported)).toEqual([]);
});

test('gates that look alike and are decided differently are decided one by one', async () => {
  const { records, commands } = await played('several-gates', [
    decide('servers', 'approve', 'ops'),
    decide('budget', 'approve', 'cfo'),
    decide('press', 'approve', 'editor'),
    decide('budget', 'reject', 'cfo'),
  ]);
  const exported = await exportTest({
    records,
    name: 'alike',
    scenario: { text: textOf('several-gates'), humans: false, commands },
  });
  const budgets = readScenario(exported.files[0]?.text ?? '').acts.flatMap((act) =>
    'decide' in act && act.decide.gates.reason?.includes('budget') ? [act.decide.decision] : [],
  );
  expect(budgets).toEqual(['approve', 'reject']);
  expect(exported.missing).toEqual([]);
});

test('what no scenario can say is named, and not expected', async () => {
  const { records } = await runScenario(readScenario(textOf('jwt-question')));
  const { missing, files } = await exportTest({
    records,
    name: 'odd',
    scenario: {
      text: textOf('jwt-question'),
      commands: [{ afterSeq: 5, command: { name: 'purgeDeadLetters', args: [3] } }],
    },
  });
  expect(missing).toEqual(['purgeDeadLetters(3) after record 5: no scenario can say that']);
  expect(files[0]?.text).toContain('# - purgeDeadLetters(3) after record 5');
});

test('a hub that drained and was started again: what it did then is in the scenario, too', async () => {
  const first = await simulate();
  first.hub.register({ id: 'dev', type: 'dev', run: [{ work: 1000 }] });
  first.hub.submit({ id: 'job1', type: 'x' });
  const drained = first.hub.drain();
  await first.run();
  await drained;
  const second = await restartAfter(first, 60_000);
  second.hub.register({ id: 'dev', type: 'dev', run: [{ work: 1000 }] });
  second.hub.submit({ id: 'job2', type: 'x' });
  await second.run();

  const open = await exportTest({ records: second.records(), name: 'twice' });
  expect(open.missing).toEqual([]);
  expect(open.files[0]?.text).toContain('job2');
  expect(await failuresOf(open)).toEqual([]);

  const ending = second.hub.drain();
  await second.run();
  await ending;
  const ended = await exportTest({ records: second.records(), name: 'twice' });
  expect(ended.missing).toEqual([]);
  expect(ended.files[0]?.text.match(/drain/g)).toHaveLength(1);
});

test('a log that is no run is refused', async () => {
  const { records } = await runScenario(readScenario(textOf('jwt-question')));
  await expect(exportTest({ records: records.slice(1), name: 'x' })).rejects.toThrow('expected record 1, found 2');
  await expect(exportTest({ records: records.slice(0, 1), name: 'x' })).rejects.toThrow('no agent was ever there');
});
