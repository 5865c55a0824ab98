import { describe, expect, test } from 'vitest';
import { HubError } from '../../src/index.ts';
import { readScenario } from '../../src/testing.ts';

const valid = `
name: small
description: one agent, one task
agents:
  - { id: dev-1, type: developer, script: [{ work: 5m }] }
tasks:
  - { id: t1, type: fix, requirements: { agentType: developer } }
`;

function refusal(text: string): HubError {
  try {
    readScenario(text, 'small.yaml');
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

test('a chart that threw is a state of any actor', () => {
  const text = `${valid}expect: [{ neverReached: { actor: task:t1, state: broken } }]\n`;
  expect(readScenario(text).expect).toHaveLength(1);
});

test('a scenario is read as YAML and as JSON, with its defaults', () => {
  expect(readScenario(valid)).toMatchObject({ seed: 1, project: 'simulation', humans: [], expect: [] });
  expect(readScenario(JSON.stringify(readScenario(valid)))).toEqual(readScenario(valid));
});

describe('what is refused, and where', () => {
  test.each<[string, string, string, string]>([
    ['text that is not YAML', `${valid}  - {`, '', 'small.yaml:8:6: not YAML'],
    ['a key twice', `${valid}name: other\n`, '', 'not YAML'],
    [
      'a key far from all',
      `${valid}x: 4\n`,
      'x',
      'small.yaml:8: x: is not known here; expected one of name, description,',
    ],
    [
      'a slip in a key that has to be there',
      valid.replace('description', 'descriptoin'),
      'descriptoin',
      'small.yaml:3: descriptoin: is not known here; did you mean description?',
    ],
    ['an unknown key', `${valid}sede: 4\n`, 'sede', 'small.yaml:8: sede: is not known here; did you mean seed?'],
    [
      'an unknown key inside',
      valid.replace('type: fix,', 'type: fix, prio: 3,'),
      'tasks.0.prio',
      'small.yaml:7: tasks.0.prio: is not known here; did you mean metadata.priority?',
    ],
    ['a wrong type', valid.replace('id: t1', 'id: [t1]'), 'tasks.0.id', 'small.yaml:7: tasks.0.id: '],
    ['a bad duration', valid.replace('5m', '5 minutes'), 'agents.0.script.0.work', 'a duration such as "90s"'],
    ['an unknown step', valid.replace('work: 5m', 'wrok: 5m'), 'agents.0.script.0.wrok', 'did you mean work?'],
    [
      'an unknown agent type',
      valid.replace('agentType: developer', 'agentType: dveloper'),
      'tasks.0.requirements.agentType',
      'there is no agent type dveloper; did you mean developer?',
    ],
    ['an id twice', valid.replace('tasks:', 'tasks:\n  - { id: t1, type: fix }'), 'tasks.1.id', 't1 is there twice'],
    [
      'a message to nobody',
      valid.replace('{ work: 5m }', '{ send: { to: qa-1, type: hi } }'),
      'agents.0.script.0.send.to',
      'there is no agent qa-1',
    ],
    [
      'a question to nobody',
      valid.replace('{ work: 5m }', '{ consult: { type: qa, question: why } }'),
      'agents.0.script.0.consult.type',
      'there is no agent type qa',
    ],
    [
      'an act on an unknown task',
      `${valid}acts: [{ at: 1m, cancel: { task: t2 } }]\n`,
      'acts.0.cancel.task',
      'there is no task t2',
    ],
    [
      'a fault of an unknown agent',
      `${valid}faults: [{ at: 1m, crash: dev-2 }]\n`,
      'faults.0.crash',
      'there is no agent dev-2',
    ],
    [
      'an expectation of an unknown task',
      `${valid}expect: [{ task: { id: t9, status: completed } }]\n`,
      'expect.0.task.id',
      'there is no task t9',
    ],
    ...[
      ['{ id: s, task: { type: fix } }', 'schedules.0.every', 'either every or cron'],
      ['{ id: s, every: 5m, cron: "* * * * *", task: { type: fix } }', 'schedules.0.every', 'either every or cron'],
      ['{ id: s, cron: now and then, task: { type: fix } }', 'schedules.0.cron', 'small.yaml:8: '],
      ['{ id: s, cron: 0 0 30 2 *, task: { type: fix } }', 'schedules.0.cron', 'a time that comes'],
      ['{ id: s, cron: "* * * * *", timezone: Mars, task: { type: fix } }', 'schedules.0.cron', 'Mars'],
      ['{ id: s, every: 5m, task: { type: fix, metadata: { delay: 5m } } }', 'schedules.0.task.metadata.delay', ''],
    ].map(([schedule = '', path = '', message = '']): [string, string, string, string] => [
      `the schedule ${schedule}`,
      `${valid}schedules: [${schedule}]\n`,
      path,
      message,
    ]),
    ['no agents', 'name: x\ndescription: y\nagents: []\n', 'agents', 'small.yaml:3: agents: '],
    [
      'an expectation of a state with a slip',
      `${valid}expect: [{ reached: { actor: task:t1, state: running.consultin } }]\n`,
      'expect.0.reached.state',
      'small.yaml:8: expect.0.reached.state: there is no task state running.consultin; did you mean running.consulting?',
    ],
    [
      'an expectation of a state of another kind',
      `${valid}expect: [{ neverReached: { actor: "agent:*", state: expired } }]\n`,
      'expect.0.neverReached.state',
      'there is no agent state expired; expected one of broken, ',
    ],
    ['nothing', '', '', 'small.yaml:1: expected a scenario: a mapping of fields, found nothing'],
    ['what is no text', '\u0000\u0001ELF', '', 'small.yaml:1: expected a scenario: a mapping of fields, found "'],
    [
      'two documents',
      `${valid}---\nname: other\n`,
      '',
      'small.yaml:8:1: expected one document, and here another begins',
    ],
  ])('%s', (_what, text, path, message) => {
    const error = refusal(text);

    expect(error.code).toBe('invalid');
    expect(error.message).toContain(message);
    if (path !== '') expect(error.path).toBe(path);
  });
});
