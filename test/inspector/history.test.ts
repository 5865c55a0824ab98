import { expect, test } from 'vitest';
import { History } from '../../inspector/src/model/history.ts';
import { tallyOf } from '../../inspector/src/model/tally.ts';
import { toneOf, wordsOf } from '../../inspector/src/model/tone.ts';
import { agentAt, openTalks, stateWords } from '../../inspector/src/views/floor/agents-at.ts';
import { recordedRun, recordsOf, scenarioText } from './support/recorded-run.ts';

const meaningsOf = (events: readonly (readonly [event: string, state: string])[]) => {
  const agent = new History('agent:a');
  for (const [index, [event, state]] of events.entries()) agent.add(index + 1, { actor: 'agent:a', state, event });
  return agent.stays.map(({ means }) => means);
};

test('an agent that a person paused does not wait for a person, and one at a gate does', () => {
  expect(meaningsOf([['agent.paused', 'paused']])).toEqual(['paused']);
  const both = meaningsOf([
    ['gate.opened', 'paused'],
    ['agent.paused', 'paused'],
    ['gate.closed', 'paused'],
    ['agent.resumed', 'idle'],
  ]);
  expect(both).toEqual(['awaitingHuman', 'awaitingHuman', 'paused', 'idle']);
  expect(
    meaningsOf([
      ['agent.tripped', 'paused'],
      ['agent.probed', 'idle'],
    ]),
  ).toEqual(['tripped', 'idle']);
  expect(toneOf('agent', 'paused')).toBe('held');
  expect(toneOf('agent', 'awaitingHuman')).toBe(toneOf('task', 'running.awaitingHuman'));
  expect(toneOf('agent', 'tripped')).toBe('trouble');
});

test('an agent at a gate and its task are in one word', async () => {
  const records = await recordsOf(scenarioText('auth-system'));
  const run = recordedRun(records);
  const seq = records.find(({ type }) => type === 'gate.open')?.seq ?? 0;
  const agent = agentAt(
    run,
    { id: 'security-1', type: 'security' },
    run.actors.get('agent:security-1'),
    seq,
    openTalks(run, tallyOf(run).at(seq)),
  );
  expect(stateWords(agent)).toBe(wordsOf(run.actors.get('task:auth-005-security')?.at(seq)?.state ?? ''));
  expect(agent).toMatchObject({ state: 'paused', tone: 'human', waits: 'waits for ann or bob' });
});
