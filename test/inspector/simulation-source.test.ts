/** The simulation behind a page: steps, halts, commands and faults, and the same run again. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Intervention } from '../../inspector/src/engine/protocol.ts';
import { simulationSource } from '../../inspector/src/engine/simulation-source.ts';
import { type HubRecord, logHash } from '../../src/index.ts';
import { readScenario, runScenario } from '../../src/testing.ts';
import { type SimulationOrigin, simulationOf, TestSink } from './support/sources.ts';

const text = readFileSync(new URL('../../scenarios/auth-system.yaml', import.meta.url), 'utf8');
const far = Number.MAX_SAFE_INTEGER;

async function open(origin: SimulationOrigin = simulationOf(text)) {
  const sink = new TestSink();
  return { sink, source: await simulationSource(origin, sink) };
}

/** Without the records of the hub's stop, which come when the run is judged. */
const ofRun = (records: readonly HubRecord[]) => records.filter(({ type }) => !type.startsWith('hub.stop'));
const hashOf = (records: readonly HubRecord[]) => logHash(ofRun(records));

async function wholeRun(origin: SimulationOrigin) {
  const { sink, source } = await open(origin);
  while (!sink.isOver) await source.advance(far);
  return sink.records;
}

test('however it is moved on, the log is that of a run in Node (U2)', async () => {
  const inNode = await runScenario(readScenario(text));
  expect(hashOf(await wholeRun(simulationOf(text)))).toBe(inNode.log.hash);

  const { sink, source } = await open();
  while (!sink.isOver) await source.advance(sink.seq() + 1);
  expect(hashOf(sink.records)).toBe(inNode.log.hash);

  const hasty = await open();
  while (!hasty.sink.isOver) {
    const advances = [hasty.source.advance(far), hasty.source.advance(hasty.sink.seq() + 3)];
    hasty.source.halt();
    advances.push(hasty.source.advance(hasty.sink.seq() + 1));
    await Promise.all(advances);
  }
  expect(hashOf(hasty.sink.records)).toBe(inNode.log.hash);
});

test('it runs no further than it was asked to, but for the rest of a turn (U1)', async () => {
  const { sink, source } = await open();
  const whole = await wholeRun(simulationOf(text));
  for (let asked = sink.seq() + 1; asked < whole.length; asked = sink.seq() + 1) {
    await source.advance(asked);
    expect(sink.seq()).toBeGreaterThanOrEqual(asked);
    expect(sink.records.slice(asked).every(({ at }) => at === sink.records[asked - 1]?.at)).toBe(true);
  }
});

test('a halt stops what was asked before it, and nothing that is asked later', async () => {
  const { sink, source } = await open();
  const running = source.advance(far);
  source.halt();
  expect(await running).toMatchObject({ why: 'halted' });
  expect(sink.isOver).toBe(false);
  expect(await source.advance(far)).toMatchObject({ why: 'over' });
});

describe('what a person does', () => {
  async function play(act: (source: Awaited<ReturnType<typeof open>>['source']) => Promise<unknown>, at: number) {
    const { sink, source } = await open();
    await source.advance(at);
    await act(source);
    while (!sink.isOver) await source.advance(far);
    return sink.records;
  }

  test('is done again at the same place: the same file, seed and interventions give the same log (U2)', async () => {
    const interventions: Intervention[] = [];
    const first = await play(async (source) => {
      for (const args of [[{ duplicate: 'backend-1' }], [{ slow: { agent: 'frontend-1', factor: 3 } }]]) {
        const { intervention } = await source.command({ name: 'inject', args });
        if (intervention !== null) interventions.push(intervention);
      }
      const { intervention } = await source.command({ name: 'pauseAgent', args: ['tester-1'] });
      if (intervention !== null) interventions.push(intervention);
    }, 30);
    expect(interventions).toHaveLength(3);
    expect(first.filter(({ type }) => type === 'fault.injected')).toHaveLength(2);
    const again = await wholeRun(simulationOf(text, JSON.parse(JSON.stringify(interventions))));
    expect(hashOf(again)).toBe(hashOf(first));
    expect(hashOf(again)).not.toBe(hashOf(await wholeRun(simulationOf(text))));
  });

  test('is done while the simulation runs, between two steps (U3)', async () => {
    const { sink, source } = await open();
    const running = source.advance(far);
    const { intervention } = await source.command({ name: 'inject', args: [{ crash: 'backend-1' }] });
    await running;
    while (!sink.isOver) await source.advance(far);
    expect(sink.records.some(({ type }) => type === 'agent.lost')).toBe(true);
    const again = await wholeRun(simulationOf(text, intervention === null ? [] : [intervention]));
    expect(hashOf(again)).toBe(hashOf(sink.records));
  });

  test('is refused with the reason, and changes nothing', async () => {
    const { sink, source } = await open();
    const before = sink.seq();
    await expect(source.command({ name: 'inject', args: [{ drop: 'nobody' }] })).rejects.toThrow('no agent nobody');
    await expect(source.command({ name: 'stop', args: [] })).rejects.toThrow('is not a command');
    expect(sink.seq()).toBe(before);
  });

  test('a fork goes on under another seed: its beginning is that of the run', async () => {
    const whole = await wholeRun(simulationOf(text));
    const fork = await open();
    await fork.source.advance(35);
    const begun = fork.sink.seq();
    await fork.source.command({ name: 'reseed', args: [7] });
    while (!fork.sink.isOver) await fork.source.advance(far);
    expect(fork.sink.records.slice(0, begun)).toEqual(whole.slice(0, begun));
    expect(hashOf(fork.sink.records)).not.toBe(hashOf(whole));
  });
});

const crowded = `
name: crowded
description: three tasks for one agent
agents: [{ id: a, type: worker, script: [{ work: 5m }] }]
tasks: [{ at: 1m, id: t1, type: any }, { at: 2m, id: t2, type: any }, { at: 3m, id: t3, type: any }]
`;

describe('a breakpoint', () => {
  test.each([
    ['an actor that enters a state', text, { actor: 'agent:backend-1', state: 'active.waiting' }],
    ['a type of record', text, { recordType: 'gate.open' }],
    ['a long queue', crowded, { queueAbove: 1 }],
  ])('at %s stops right there', async (_, scenario, when) => {
    const { sink, source } = await open(simulationOf(scenario));
    sink.breakpoints = [{ id: 'b', when }];
    const standing = await source.advance(far);
    expect(standing).toMatchObject({ why: 'breakpoint', breakpointId: 'b' });
    const early = new TestSink();
    for (const record of sink.records.slice(0, standing.seq)) {
      early.breakpoints = sink.breakpoints;
      early.record(record);
      expect(early.reached() !== undefined).toBe(early.seq() === standing.seq);
    }
  });

  test('without humans it stands still at each gate, until somebody decides', async () => {
    const { sink, source } = await open(simulationOf(text, [], { humans: false }));
    const standing = await source.advance(far);
    expect(standing.why).toBe('gate');
    expect(sink.records[standing.seq - 1]?.type).toBe('gate.open');
  });
});
