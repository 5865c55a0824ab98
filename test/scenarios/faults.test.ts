/** Faults that a scenario file plans, or that somebody injects into a run. */
import { describe, expect, test } from 'vitest';
import type { HubRecord } from '../../src/index.ts';
import { type Fault, playScenario, readScenario, runScenario } from '../../src/testing.ts';

const team = (more: string) =>
  readScenario(`
name: faulty
description: one developer, one lawyer
agents:
  - { id: dev-1, type: developer, heartbeat: 3m, script: [{ work: 10m }, { return: built }] }
  - { id: dev-2, type: writer, script: [{ consult: { type: lawyer, question: may we } }, { return: written }] }
  - { id: dev-3, type: sender, script: [{ send: { to: dev-1, type: note } }, { work: 1m }] }
  - { id: law-1, type: lawyer, answers: [{ work: 5m }, { return: yes }] }
tasks:
  - { id: build, type: build, requirements: { agentType: developer }, metadata: { timeout: 2h } }
${more}`);
const write = '  - { id: write, type: write, requirements: { agentType: writer }, metadata: { timeout: 2h } }\n';
const send = '  - { id: send, type: send, requirements: { agentType: sender } }\n';

const typesOf = (records: readonly HubRecord[]) => records.map(({ type }) => type);
const count = (records: readonly HubRecord[], type: string) => typesOf(records).filter((one) => one === type).length;
const elapsed = (records: readonly HubRecord[], type: string) =>
  (records.find((one) => one.type === type)?.at ?? 0) - (records[0]?.at ?? 0);
const minutes = 60_000;

describe('a result', () => {
  test('that is dropped never arrives: the silence is noticed, and the work is done again', async () => {
    const { records } = await runScenario(team('faults: [{ at: 1m, drop: dev-1 }]\n'));
    expect(records.find(({ type }) => type === 'fault.injected')).toMatchObject({
      from: 'client',
      at: (records[0]?.at ?? 0) + minutes,
      payload: { agentId: 'dev-1', fault: 'drop' },
    });
    expect(count(records, 'task.result')).toBe(0);
    expect(count(records, 'agent.lost')).toBe(1);
    expect(count(records, 'task.returned')).toBe(1);
  });

  test('that is delayed arrives so much later', async () => {
    const late = await runScenario(team('faults: [{ delay: { agent: dev-1, by: 2m } }]\n'));
    expect(elapsed(late.records, 'task.result')).toBe(12 * minutes);
    expect(late.records.find(({ type }) => type === 'fault.injected')?.payload).toEqual({
      agentId: 'dev-1',
      fault: 'delay',
      byMs: 2 * minutes,
    });
  });

  test('that comes twice counts once: the second is a dead letter', async () => {
    const { records, tasks } = await runScenario(team('faults: [{ duplicate: dev-1 }]\n'));
    expect(count(records, 'task.result')).toBe(2);
    expect(count(records, 'deadletter.added')).toBe(1);
    expect(tasks.completed).toBe(1);
  });
});

describe('an answer of a specialist', () => {
  test('that is dropped leaves who asked waiting, until the task has had its time', async () => {
    const { records } = await runScenario(team(`${write}faults: [{ drop: law-1 }]\n`));
    expect(count(records, 'consultation.answer')).toBe(0);
    expect(typesOf(records)).toContain('deadline.passed');
  });

  test('that comes twice counts once', async () => {
    const { records } = await runScenario(team(`${write}faults: [{ duplicate: law-1 }]\n`));
    expect(count(records, 'consultation.answer')).toBe(2);
    expect(count(records, 'consultation.answered')).toBe(1);
  });
});

describe('a message', () => {
  test.each([
    ['drop: dev-3', 0],
    ['duplicate: dev-3', 2],
    ['delay: { agent: dev-3, by: 1m }', 1],
  ])('with %s is there %i times', async (fault, times) => {
    const { records } = await runScenario(team(`${send}faults: [{ ${fault} }]\n`));
    expect(count(records, 'message.send')).toBe(times);
    expect(count(records, 'task.completed')).toBe(2);
  });

  test('that is delayed is so much later', async () => {
    const { records } = await runScenario(team(`${send}faults: [{ delay: { agent: dev-3, by: 90s } }]\n`));
    expect(elapsed(records, 'message.send')).toBe(1.5 * minutes);
  });
});

describe('a slow agent', () => {
  test('takes so many times as long and stays alive, until it is healed', async () => {
    const { records } = await runScenario(team('faults: [{ slow: { agent: dev-1, factor: 2.5 } }]\n'));
    expect(elapsed(records, 'task.result')).toBe(25 * minutes);
    expect(count(records, 'agent.lost')).toBe(0);
    const healed = await runScenario(
      team('faults: [{ slow: { agent: dev-1, factor: 10 } }, { slow: { agent: dev-1, factor: 1 } }]\n'),
    );
    expect(elapsed(healed.records, 'task.result')).toBe(10 * minutes);
  });
});

describe('by hand', () => {
  async function played(fault: Fault, seed?: number) {
    const play = await playScenario(team(write));
    await play.advance();
    play.inject(fault);
    if (seed !== undefined) play.reseed(seed);
    while (await play.advance());
    return await play.finish();
  }

  test('the same fault at the same place gives the same log, and another fault another', async () => {
    const [first, again, other] = [
      await played({ drop: 'dev-1' }),
      await played({ drop: 'dev-1' }),
      await played({ duplicate: 'dev-1' }),
    ];
    expect(again.log).toEqual(first.log);
    expect(other.log.hash).not.toBe(first.log.hash);
    expect(count(first.records, 'fault.injected')).toBe(1);
  });

  test('from another seed on, the same beginning goes on as another run', async () => {
    const play = await playScenario(team(write));
    await play.advance();
    const begun = play.simulation.records().length;
    const [first, other] = [await played({ drop: 'dev-1' }), await played({ drop: 'dev-1' }, 99)];
    expect(other.records.slice(0, begun)).toEqual(first.records.slice(0, begun));
    expect(other.log.hash).not.toBe(first.log.hash);
  });

  test('an agent that is not there is refused, and so is what no file could say; nothing is noted', async () => {
    const play = await playScenario(team(''));
    await play.simulation.settle();
    const before = play.simulation.records().length;
    expect(() => play.inject({ drop: 'nobody' })).toThrow('there is no agent nobody');
    expect(() => play.inject({ slow: { agent: 'dev-1', factor: 0 } })).toThrow('factor');
    expect(() => play.inject({ explode: 'dev-1' } as never)).toThrow('explode');
    await play.simulation.settle();
    expect(play.simulation.records()).toHaveLength(before);
  });
});

test.each([
  ['drop: nobody', 'faults.0.drop'],
  ['duplicate: nobody', 'faults.0.duplicate'],
  ['delay: { agent: nobody, by: 1m }', 'faults.0.delay.agent'],
  ['slow: { agent: nobody, factor: 2 }', 'faults.0.slow.agent'],
  ['slow: { agent: dev-1, factor: 0.5 }', 'faults.0.slow.factor'],
])('a file with %s is refused at %s', (fault, path) => {
  expect(() => team(`faults: [{ ${fault} }]\n`)).toThrow(path);
});
