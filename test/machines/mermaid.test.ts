import { describe, expect, test } from 'vitest';
import { and, createMachine, not, setup } from 'xstate';
import {
  agentMachine,
  consultationMachine,
  gateMachine,
  hubMachine,
  taskMachine,
  toJson,
  toMermaid,
} from '../../src/machines/index.ts';

const charts = [hubMachine, taskMachine, agentMachine, consultationMachine, gateMachine];

/** The lines without their margin. */
const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim());

/** The lines of the note beside a state. */
function noteOf(text: string, id: string): string[] {
  const lines = linesOf(text);
  const begin = lines.indexOf(`note right of ${id}`);
  return begin === -1 ? [] : lines.slice(begin + 1, lines.indexOf('end note', begin));
}

describe('every chart as Mermaid', () => {
  test.each(charts.map((chart) => [chart.id, chart] as const))('%s: all lines are of the language', (_id, chart) => {
    const [head, ...lines] = linesOf(toMermaid(chart));
    expect(head).toBe('stateDiagram-v2');
    let depth = 0;
    let inNote = false;
    for (const line of lines) {
      if (inNote) {
        inNote = line !== 'end note';
        continue;
      }
      expect(line).toMatch(
        /^(|\}|--|note right of \w+|state "[^"]+" as \w+( \{)?|(\[\*\]|\w+) --> (\[\*\]|\w+)( : [^:;"]+)?)$/,
      );
      if (line.endsWith('{')) depth++;
      if (line === '}') depth--;
      inNote = line.startsWith('note');
    }
    expect({ depth, inNote }).toEqual({ depth: 0, inNote: false });
  });

  test.each(charts.map((chart) => [chart.id, chart] as const))('%s: V2 nothing is left out', (_id, chart) => {
    const text = toMermaid(chart);
    const { root, states } = toJson(chart);
    for (const { path, type } of states) {
      const id = path.replaceAll('.', '_');
      expect(text).toContain(`" as ${id}`);
      expect(linesOf(text).includes(`${id} --> [*]`)).toBe(type === 'final');
    }
    for (const { path, transitions } of [root, ...states]) {
      for (const { event, targets } of transitions) {
        const arrow = new RegExp(`^\\w+ --> ${targets[0]?.replaceAll('.', '_')}\\b.*${event ?? ''}`);
        if (targets.length > 0) expect(linesOf(text).some((line) => arrow.test(line))).toBe(true);
        else expect(noteOf(text, path.replaceAll('.', '_')).join('\n')).toContain(event);
      }
    }
  });
});

describe('what a chart looks like', () => {
  test('states, where they begin and where they end', () => {
    const lines = linesOf(toMermaid(taskMachine));
    expect(lines).toContain('[*] --> pending');
    expect(lines).toContain('state "running" as running {');
    expect(lines).toContain('[*] --> running_working');
    expect(lines).toContain('state "awaitingHuman" as running_awaitingHuman');
    expect(lines).toContain('completed --> [*]');
  });

  test('events, guards and what happens when no guard holds', () => {
    const lines = linesOf(toMermaid(taskMachine));
    expect(lines).toContain('pending --> queued : task.enqueued');
    expect(lines).toContain('running_consulting --> running_working : consultation.closed [isLastConsultation]');
    expect(lines).toContain('running_resuming --> running_consulting : [isConsulting]');
    expect(lines).toContain('running_resuming --> running_working : otherwise');
  });

  test('several events between the same two states share an arrow', () => {
    const lines = linesOf(toMermaid(agentMachine));
    expect(lines).toContain('idle --> paused : gate.opened<br/>agent.paused<br/>agent.tripped');
    expect(lines.filter((line) => line.startsWith('idle --> paused'))).toHaveLength(1);
  });

  test('what stays in its state is in a note beside it', () => {
    expect(noteOf(toMermaid(taskMachine), 'running_consulting')).toEqual([
      'consultation.opened / openConsultation',
      'consultation.closed [otherwise] / closeConsultation',
    ]);
  });

  test('V3 what can happen in every state of a chart has an arrow from each that can rest', () => {
    const arrows = linesOf(toMermaid(agentMachine)).filter((line) => line.endsWith(' : agent.unregistered'));
    expect(arrows.map((line) => line.split(' ')[0])).toEqual(['idle', 'active', 'paused', 'unreachable']);
  });

  test('arrows stand in the innermost frame that holds both ends', () => {
    const lines = toMermaid(agentMachine).split('\n');
    expect(lines).toContain('    active_working --> active_waiting : consultation.opened');
    expect(lines).toContain('  active_waiting --> settling : consultation.closed');
  });
});

describe("an embedder's own chart", () => {
  const chart = setup({
    types: { events: {} as { type: 'go:"now";' } | { type: 'stop' } | { type: 'tick' } },
    guards: { isReady: () => true, isLate: () => false },
    actions: { count: () => {}, greet: () => {} },
  }).createMachine({
    id: 'own',
    type: 'parallel',
    entry: 'greet',
    on: { tick: { actions: 'count' } },
    states: {
      note: {
        initial: 'a b',
        states: {
          'a b': { on: { 'go:"now";': { guard: and(['isReady', not('isLate')]), target: 'deep' } } },
          deep: { initial: 'x', states: { x: { after: { 1000: 'y' } }, y: { type: 'final' } }, onDone: 'a b' },
        },
        on: { stop: { target: '.deep.y' } },
      },
      other: {},
    },
  });
  const lines = linesOf(toMermaid(chart));

  test('regions that run side by side, and a note for what the chart itself does', () => {
    expect(lines).toContain('state "own" as _chart {');
    expect(lines).toContain('--');
    expect(noteOf(toMermaid(chart), '_chart')).toEqual(['entry / greet', 'tick / count']);
  });

  test("names that Mermaid can't take as they are", () => {
    expect(lines).toContain('state "note" as note_ {');
    expect(lines).toContain('state "a b" as note_a_32_b');
    expect(lines).toContain("note_a_32_b --> note_deep : go#58;'now'#59; [and(isReady, not(isLate))]");
  });

  test("XState's own events, by a reader's name", () => {
    expect(lines).toContain('note_deep_x --> note_deep_y : stop<br/>after 1000');
    expect(lines).toContain('note_deep --> note_a_32_b : done');
    expect(toMermaid(chart)).not.toContain('xstate.');
  });
});

describe('a chart as data', () => {
  test('V1 every branch, with guard, target and actions', () => {
    const consulting = toJson(taskMachine).states.find(({ path }) => path === 'running.consulting');
    expect(consulting?.transitions).toEqual([
      {
        event: 'consultation.opened',
        guard: null,
        otherwise: false,
        targets: [],
        actions: ['openConsultation'],
      },
      {
        event: 'consultation.closed',
        guard: 'isLastConsultation',
        otherwise: false,
        targets: ['running.working'],
        actions: ['closeConsultation'],
      },
      { event: 'consultation.closed', guard: null, otherwise: true, targets: [], actions: ['closeConsultation'] },
      {
        event: 'gate.opened',
        guard: null,
        otherwise: false,
        targets: ['running.awaitingHuman'],
        actions: ['openGate'],
      },
    ]);
  });

  test('where it begins, and what can happen anywhere in it', () => {
    const { id, root, states } = toJson(agentMachine);
    expect(id).toBe('agent');
    expect(root).toMatchObject({ path: '', type: 'compound', initial: 'idle' });
    expect(root.transitions).toMatchObject([{ event: 'agent.unregistered', targets: ['stopped'] }]);
    expect(states.map(({ path }) => path).slice(0, 3)).toEqual(['idle', 'active', 'active.working']);
  });

  test('it survives JSON', () => {
    for (const chart of charts) expect(JSON.parse(JSON.stringify(toJson(chart)))).toEqual(toJson(chart));
  });

  test('code without a name is called inline; children are told apart', () => {
    const { states } = toJson(
      createMachine({
        id: 'inline',
        initial: 'a',
        states: {
          a: {
            invoke: { src: 'worker', id: 'w', onDone: 'b', onError: 'b' },
            always: { guard: () => false, target: 'b' },
            exit: [{ type: 'wave' }, () => {}],
          },
          b: {},
        },
      }),
    );
    const [a] = states;
    expect(a?.transitions.map(({ event, guard }) => [event, guard])).toEqual([
      ['w done', null],
      ['w error', null],
      [null, 'guard'],
    ]);
    expect(a?.exit).toEqual(['wave', 'inline']);
  });
});
