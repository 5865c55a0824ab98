import { describe, expect, test } from 'vitest';
import { type AgentEvent, agentMachine } from '../../src/machines/agent.ts';
import { agentStatus } from '../../src/machines/status.ts';
import { after } from '../support/charts.ts';

const given = (...events: AgentEvent[]) => after(agentMachine, { agentId: 'a' }, events);
const task = (what: 'assigned' | 'released', taskId = 't'): AgentEvent => ({ type: `task.${what}`, taskId });
const consultation = (what: 'opened' | 'closed', consultationId = 'c'): AgentEvent => ({
  type: `consultation.${what}`,
  consultationId,
});
const gate = (what: 'opened' | 'closed', gateId = 'g'): AgentEvent => ({ type: `gate.${what}`, gateId });
const asked: AgentEvent = { type: 'question.asked', consultationId: 'q' };
const answered: AgentEvent = { type: 'question.closed' };
const paused: AgentEvent = { type: 'agent.paused' };
const resumed: AgentEvent = { type: 'agent.resumed' };
const lost: AgentEvent = { type: 'agent.lost' };
const found: AgentEvent = { type: 'agent.found' };

test('an agent works while it has tasks', () => {
  const { paths, context } = given(task('assigned', 't1'), task('assigned', 't2'), task('released', 't1'));
  expect(paths).toEqual(['idle', 'active.working', 'active.working', 'active.working']);
  expect(context.tasks).toEqual(['t2']);
  expect(given(task('assigned'), task('released')).path).toBe('idle');
});

test('an agent answers, and goes on with what it had', () => {
  expect(given(asked).path).toBe('active.answering');
  expect(given(asked).context.answering).toBe('q');
  expect(given(asked, answered)).toMatchObject({ path: 'idle', context: { answering: null } });
});

test('an agent that asks waits until the last answer is there', () => {
  const waits = [task('assigned'), consultation('opened', 'c1'), consultation('opened', 'c2')];
  expect(given(...waits).path).toBe('active.waiting');
  expect(given(...waits, consultation('closed', 'c1')).path).toBe('active.waiting');
  expect(given(...waits, consultation('closed', 'c1'), consultation('closed', 'c2')).path).toBe('active.working');
  expect(given(consultation('opened')).path).toBe('active.waiting');
});

test('an agent can take another task while it waits', () => {
  const { path, context } = given(task('assigned', 't1'), consultation('opened'), task('assigned', 't2'));
  expect(path).toBe('active.waiting');
  expect(context.tasks).toEqual(['t1', 't2']);
});

test('a specialist that asks itself waits, and then goes on answering', () => {
  const asks = [asked, consultation('opened')];
  expect(given(...asks).path).toBe('active.waiting');
  expect(given(...asks, consultation('closed')).path).toBe('active.answering');
  expect(given(...asks, answered).path).toBe('active.waiting');
});

describe('a hold (A2, A3, I10)', () => {
  test.each<[string, AgentEvent[], string]>([
    ['idle', [], 'idle'],
    ['working', [task('assigned')], 'active.working'],
    ['waiting', [task('assigned'), consultation('opened')], 'active.waiting'],
    ['answering', [asked], 'active.answering'],
  ])('by an operator or a gate ends where a %s agent was', (_name, events, path) => {
    expect(given(...events, paused).path).toBe('paused');
    expect(given(...events, paused, resumed).path).toBe(path);
    expect(given(...events, gate('opened')).path).toBe('paused');
    expect(given(...events, gate('opened'), gate('closed')).path).toBe(path);
  });

  test('lasts until the last gate is closed and the operator has let go', () => {
    const held = [gate('opened', 'g1'), gate('opened', 'g2'), paused];
    expect(given(...held, gate('closed', 'g1'), gate('closed', 'g2')).path).toBe('paused');
    expect(given(...held, resumed, gate('closed', 'g1')).path).toBe('paused');
    expect(given(...held, resumed, gate('closed', 'g1'), gate('closed', 'g2')).path).toBe('idle');
  });

  test('lets what the agent has go on', () => {
    const busy = [task('assigned'), consultation('opened'), paused];
    expect(given(...busy, consultation('closed'), task('released'), resumed).path).toBe('idle');
    expect(given(...busy, consultation('opened', 'c2')).context.consultations).toEqual(['c', 'c2']);
    expect(given(asked, paused, answered, resumed).path).toBe('idle');
  });

  test('takes no work', () => {
    const { path, context } = given(paused, task('assigned'), asked);
    expect(path).toBe('paused');
    expect(context).toMatchObject({ tasks: [], answering: null });
  });
});

describe('an agent that fell silent', () => {
  test.each<[string, AgentEvent[]]>([
    ['idle', []],
    ['working', [task('assigned')]],
    ['paused', [paused]],
  ])('while %s is unreachable', (_name, events) => {
    expect(given(...events, lost).path).toBe('unreachable');
  });

  test('comes back to what it still has', () => {
    const { path } = given(task('assigned'), lost, task('released'), found);
    expect(path).toBe('idle');
    expect(given(task('assigned'), lost, found).path).toBe('active.working');
  });

  test('gives everything back meanwhile', () => {
    const { path, context } = given(
      task('assigned'),
      consultation('opened'),
      gate('opened'),
      lost,
      task('released'),
      consultation('closed'),
      gate('closed'),
      found,
    );
    expect(path).toBe('idle');
    expect(context).toMatchObject({ tasks: [], consultations: [], gates: [] });
    expect(given(asked, lost, answered, found).path).toBe('idle');
  });

  test('is still held by what held it, or began to hold it, when it comes back', () => {
    expect(given(gate('opened'), lost, found).path).toBe('paused');
    expect(given(lost, gate('opened'), found).path).toBe('paused');
    expect(given(lost, paused, found).path).toBe('paused');
    expect(given(paused, lost, resumed, found).path).toBe('idle');
    expect(given(lost, consultation('opened'), found).path).toBe('active.waiting');
  });
});

test.each<[string, AgentEvent[]]>([
  ['idle', []],
  ['active.working', [task('assigned')]],
  ['paused', [paused]],
  ['unreachable', [lost]],
])('an agent that is %s can be unregistered, which is final', (path, events) => {
  expect(given(...events).path).toBe(path);
  const { path: end, status, snapshot } = given(...events, { type: 'agent.unregistered' });
  expect(end).toBe('stopped');
  expect(status).toBe('done');
  expect(snapshot.can({ type: 'agent.found' })).toBe(false);
});

test('the status words of the requirements', () => {
  const words = [
    [given(), 'idle'],
    [given(task('assigned')), 'active'],
    [given(asked), 'active'],
    [given(consultation('opened')), 'active'],
    [given(paused), 'paused'],
    [given(lost), 'paused'],
    [given({ type: 'agent.unregistered' }), 'stopped'],
  ] as const;
  for (const [{ snapshot }, word] of words) expect(agentStatus(snapshot.value)).toBe(word);
});
