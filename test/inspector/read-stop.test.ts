import { describe, expect, it } from 'vitest';
import { charts } from '../../inspector/src/engine/charts.ts';
import { readActor, readStateStop, readTypeStop } from '../../inspector/src/model/read-stop.ts';
import { payloadSchemas } from '../../src/machines/index.ts';

const known = {
  actors: new Map(['agent:backend-1', 'task:auth-002', 'task:launch', 'gate:launch'].map((id) => [id, {}])),
  charts,
  types: Object.keys(payloadSchemas),
};

describe('a breakpoint that a person writes', () => {
  it.each([
    ['agent:backend-1', 'active.waiting', 'agent:backend-1', 'active.waiting'],
    ['backend-1', 'waiting', 'agent:backend-1', 'active.waiting'],
    ['agent backend-1 ', 'Waiting', 'agent:backend-1', 'active.waiting'],
    ['auth-002', 'consulting', 'task:auth-002', 'running.consulting'],
    ['auth-002', 'awaiting human', 'task:auth-002', 'running.awaitingHuman'],
    ['auth-002', 'running', 'task:auth-002', 'running'],
    ['task:later', 'failed', 'task:later', 'failed'],
  ])('%s %s is read as the page shows it (K1)', (actor, state, id, path) => {
    expect(readStateStop(actor, state, known)).toEqual({ is: { actor: id, state: path } });
  });

  it.each([
    ['backend-1', 'nonsense', 'An agent is never nonsense. It can be: idle, active, working'],
    ['backend-9', 'waiting', 'There is no backend-9 so far'],
    ['launch', 'failed', 'There are several: task:launch, gate:launch.'],
    ['hub', 'paused', 'There is no hub so far'],
  ])('%s %s is refused, with what there is (K2)', (actor, state, why) => {
    expect(readStateStop(actor, state, known)).toEqual({ trouble: expect.stringContaining(why) });
  });

  it('a type of record that there is not is refused, with those like it', () => {
    expect(readTypeStop('gate.open', known)).toEqual({ is: { recordType: 'gate.open' } });
    expect(readTypeStop('gate.opens', known)).toEqual({
      trouble: expect.stringContaining('There are: gate.open, gate.rejoin'),
    });
    expect(readTypeStop('rubbish', known)).toEqual({ trouble: 'No record is of type rubbish.' });
  });

  it('a plain name leads to whom it belongs', () => {
    expect(readActor('backend-1', known)).toEqual({ is: 'agent:backend-1' });
  });
});
