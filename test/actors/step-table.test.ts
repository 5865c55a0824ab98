import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  type AnyEventObject,
  type AnyStateMachine,
  type AnyStateNode,
  assign,
  createActor,
  createMachine,
  type InspectionEvent,
} from 'xstate';
import { byTable } from '../../src/actors/step-table.ts';
import { agentMachine } from '../../src/machines/agent.ts';
import { consultationMachine } from '../../src/machines/consultation.ts';
import { gateMachine } from '../../src/machines/gate.ts';
import { orchestrationMachine } from '../../src/machines/orchestration.ts';
import { taskMachine } from '../../src/machines/task.ts';

/** What is to be seen of a chart at each step: its snapshots, and what an inspector hears. */
function seen(chart: AnyStateMachine, input: object, events: readonly AnyEventObject[]) {
  const heard: unknown[] = [];
  const actor = createActor(chart, {
    input,
    inspect: (event: InspectionEvent) => {
      if (event.type !== '@xstate.microstep') return heard.push(event.type);
      const { snapshot, _transitions } = event;
      return heard.push([event.type, event.event, JSON.stringify(snapshot), [..._transitions]]);
    },
  });
  actor.subscribe({ error: () => {} }); // Otherwise it is thrown.
  actor.start();
  const snapshots = events.map((event) => {
    actor.send(event);
    return stateOf(actor.getSnapshot());
  });
  return { heard, snapshots, first: stateOf(createActor(chart, { input }).getSnapshot()) };
}

function stateOf(snapshot: ReturnType<ReturnType<typeof createActor<AnyStateMachine>>['getSnapshot']>) {
  const { status, value, context, output, error, children, historyValue, tags } = snapshot;
  return { status, value, context, output, error: String(error), children, historyValue, tags: [...(tags ?? [])] };
}

const typesOf = (chart: AnyStateMachine): string[] => chart.events.filter((type: string) => type !== '');

const step = fc.record({
  pick: fc.nat(),
  isKnown: fc.constantFrom(true, true, true, false),
  fields: fc.record({
    taskId: fc.constantFrom('a', 'b'),
    consultationId: fc.constantFrom('c', 'd'),
    gateId: fc.constantFrom('g', 'h'),
    subtaskId: fc.constantFrom('s', 't'),
    agentId: fc.constantFrom('one', 'two'),
    lease: fc.nat(),
    retryAt: fc.nat(),
    dueAt: fc.option(fc.nat()),
  }),
});

/** Walks far into a chart: most events lead on from the state into which those before have led, and not to the end. */
const walksOf = (chart: AnyStateMachine, input: object) =>
  fc.array(step, { maxLength: 25 }).map((steps): AnyEventObject[] => {
    const actor = createActor(chart, { input });
    actor.subscribe({ error: () => {} });
    actor.start();
    return steps.map(({ pick, isKnown, fields }) => {
      const nodes = actor.getSnapshot()._nodes as readonly AnyStateNode[];
      const transitions = nodes.flatMap((node) => [...node.transitions.values()].flat());
      const known = transitions.filter(({ target }) => target?.[0]?.type !== 'final').map(({ eventType }) => eventType);
      const types = isKnown && known.length > 0 ? known : [...typesOf(chart), 'nobody.knows'];
      const event = { ...fields, type: types[pick % types.length] as string };
      actor.send(event);
      return event;
    });
  });

const charts: readonly [AnyStateMachine, object][] = [
  [taskMachine, { taskId: 't', dueAt: null }],
  [agentMachine, { agentId: 'a' }],
  [consultationMachine, { consultationId: 'c', requesterId: 'r', specialistType: 's', dueAt: 9 }],
  [gateMachine, { gateId: 'g', dueAt: 9 }],
  [orchestrationMachine, { orchestrationId: 'o' }],
];

describe('the charts of the hub step by the table as XState steps them (Sp1)', () => {
  test.each(charts.map(([chart, input]) => ({ id: chart.id, chart, input })))('$id', ({ chart, input }) => {
    expect(byTable(chart)).not.toBe(chart);
    fc.assert(
      fc.property(walksOf(chart, input), (sequence) => {
        expect(seen(byTable(chart), input, sequence)).toEqual(seen(chart, input, sequence));
      }),
      { numRuns: 300 },
    );
  });

  test.each(charts.map(([chart, input]) => ({ id: chart.id, chart, input })))(
    '$id: no step is left to XState, into whatever state an event before has led',
    ({ chart, input }) => {
      const copy = chart.provide({});
      const byXState = vi.spyOn(copy, 'transition');
      fc.assert(
        fc.property(walksOf(chart, input), (sequence) => {
          seen(byTable(copy), input, sequence);
          expect(byXState).not.toHaveBeenCalled();
        }),
      );
    },
  );

  test('a chart has one table', () => {
    expect(byTable(taskMachine)).toBe(byTable(taskMachine));
  });

  test('what it led to can be kept and restored', () => {
    const actor = createActor(byTable(taskMachine), { input: { taskId: 't', dueAt: null } }).start();
    for (const type of ['task.enqueued', 'task.assigned', 'task.started'] as const) {
      actor.send({ type, agentId: 'a', lease: 1 });
    }
    const restored = createActor(byTable(taskMachine as AnyStateMachine), {
      snapshot: actor.getPersistedSnapshot(),
    }).start();
    restored.send({ type: 'gate.opened', gateId: 'g' });
    expect(restored.getSnapshot().value).toEqual({ running: 'awaitingHuman' });
    expect(restored.getSnapshot().matches({ running: 'awaitingHuman' })).toBe(true);
    expect(restored.getSnapshot().can({ type: 'task.enqueued' })).toBe(false);
  });
});

describe('faults', () => {
  const throwing = (where: object): AnyStateMachine => createMachine({ context: { n: 0 }, initial: 'a', ...where });
  const fault = () => {
    throw new Error('broken');
  };

  test.each([
    { what: 'an action', chart: throwing({ states: { a: { on: { go: { actions: assign(fault) } } } } }) },
    { what: 'a context', chart: createMachine({ context: fault, initial: 'a', states: { a: {} } }) },
  ])('$what that throws', ({ chart }) => {
    expect(byTable(chart)).not.toBe(chart);
    const events = [{ type: 'go' }, { type: 'go' }];
    const { snapshots, first } = seen(chart, {}, events);
    expect(seen(byTable(chart), {}, events)).toMatchObject({ snapshots, first });
  });

  test('a chart that never comes to rest is left to XState, which stops it', () => {
    const states = { a: { on: { go: 'b' } }, b: { always: 'c' }, c: { always: 'b' } };
    const chart = createMachine({ initial: 'a', states, options: { maxIterations: 100 } });
    const actor = createActor(byTable(chart));
    actor.subscribe({ error: () => {} });
    actor.start().send({ type: 'go' });
    expect(actor.getSnapshot()).toMatchObject({ status: 'error', error: { message: /Infinite loop/ } });
  });
});

describe('a chart that is not simple is left to XState', () => {
  const states = { a: { on: { go: 'b' } }, b: {} };
  const nothing = () => {};
  test.each([
    { what: 'parallel states', chart: createMachine({ type: 'parallel', states }) },
    { what: 'an entry action', chart: createMachine({ initial: 'a', states: { a: { entry: nothing } } }) },
    { what: 'an exit action', chart: createMachine({ initial: 'a', states: { a: { exit: nothing } } }) },
    { what: 'an action that acts', chart: createMachine({ initial: 'a', states, on: { x: { actions: nothing } } }) },
    { what: 'a delay', chart: createMachine({ initial: 'a', states: { a: { after: { 5: 'b' } }, b: {} } }) },
    { what: 'a wildcard', chart: createMachine({ initial: 'a', states, on: { '*': '.b' } }) },
    { what: 'a tag', chart: createMachine({ initial: 'a', states: { a: { tags: 'x' } } }) },
    { what: 're-entry', chart: createMachine({ initial: 'a', states, on: { x: { target: '.b', reenter: true } } }) },
    {
      what: 'a final state inside',
      chart: createMachine({ initial: 'a', states: { a: { initial: 'x', states: { x: { type: 'final' } } } } }),
    },
    { what: 'output', chart: createMachine({ initial: 'a', output: 1, states: { a: { type: 'final' } } }) },
    { what: 'history', chart: createMachine({ initial: 'a', states: { a: {}, h: { type: 'history' } } }) },
    {
      what: 'a guard with more to it',
      chart: createMachine({ initial: 'a', states, on: { x: { guard: { type: 'g', params: 1 }, target: '.b' } } }),
    },
  ])('$what', ({ chart }) => {
    expect(byTable(chart as AnyStateMachine)).toBe(chart);
  });

  test('other logic', () => {
    const logic = {
      transition: (state: object) => state,
      getInitialSnapshot: () => ({}),
      getPersistedSnapshot: nothing,
    };
    expect(byTable(logic as never)).toBe(logic);
  });
});
