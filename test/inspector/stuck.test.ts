/** What does not go on by itself is found: and nothing is said of what does. */
import { expect, test } from 'vitest';
import { stuckIn } from '../../inspector/src/engine/stuck.ts';
import { type HubRecord, openFold } from '../../src/index.ts';
import { readScenario, runScenario } from '../../src/testing.ts';

const record = async (text: string) => (await runScenario(readScenario(text))).records;

function foldOf(records: readonly HubRecord[]) {
  const fold = openFold();
  for (const one of records) fold.next(one);
  return fold;
}

/** The findings after each record, each message once, with the first record after which it holds. */
function findings(records: readonly HubRecord[]) {
  const fold = openFold();
  const found = new Map<string, number>();
  for (const one of records) {
    fold.next(one);
    for (const { kind, message } of stuckIn(fold, false)) {
      if (!found.has(`${kind}: ${message}`)) found.set(`${kind}: ${message}`, one.seq);
    }
  }
  return found;
}

const head = 'name: stuck\ndescription: to look at\n';

test('a task that no agent can do starves from the record on that queues it', async () => {
  const records = await record(`${head}
agents: [{ id: a, type: worker, script: [{ work: 1m }] }]
tasks: [{ id: t1, type: any }, { id: odd, type: any, requirements: { capabilities: [flying] } }]
until: 1h
`);
  const queued = records.find((one) => one.type === 'task.enqueued' && one.payload.taskId === 'odd');
  expect([...findings(records)]).toEqual([['starvation: No registered agent can do odd.', queued?.seq]]);
});

test('so do tasks whose only agents are paused', async () => {
  const records = await record(`${head}
agents: [{ id: a, type: worker, script: [{ work: 1m }] }]
tasks: [{ id: t1, at: 2m, type: any }, { id: t2, at: 2m, type: any }]
acts: [{ at: 1m, pauseAgent: a }, { at: 5m, resumeAgent: a }]
`);
  const found = [...findings(records).keys()];
  expect(found).toContain('starvation: All who can do 2 tasks like t1 are paused or out of reach.');
  expect(stuckIn(foldOf(records), false)).toEqual([]);
});

test('agents that ask each other are a ring, when the hub cannot refuse it because a deadline would break it', async () => {
  const records = await record(`${head}
agents:
  - id: a
    type: left
    script: [{ consult: { type: right, question: may I, timeout: 1h } }]
    answers: [{ consult: { type: right, question: may I, timeout: 1h } }, { return: yes }]
  - id: b
    type: right
    script: [{ consult: { type: left, question: may I, timeout: 1h } }]
    answers: [{ consult: { type: left, question: may I, timeout: 1h } }, { return: yes }]
tasks:
  - { id: t1, type: any, requirements: { agentType: left } }
  - { id: t2, type: any, requirements: { agentType: right } }
`);
  const rings = [...findings(records).keys()].filter((one) => one.startsWith('deadlock'));
  expect(rings).toEqual(["deadlock: 2 agents wait for each other's answers, until a deadline ends it."]);
});

test('work that is tried again and again is a storm', async () => {
  const records = await record(`${head}
config: { retry: { maxAttempts: 6, backoffMs: 1000, jitter: 0 } }
agents: [{ id: a, type: worker, script: [{ work: 1m }, { fail: no luck }] }]
tasks: [{ id: t1, type: any }]
`);
  const [first] = [...findings(records)].filter(([one]) => one.startsWith('storm'));
  expect(first?.[0]).toBe('storm: t1 was tried 3 times, and is not done.');
  expect(stuckIn(foldOf(records), true)).toEqual([]);
});

test('what waits when nothing is left to happen is named, and only then', async () => {
  const records = await record(`${head}
agents: [{ id: a, type: worker, script: [{ receive: {} }, { return: 1 }] }]
tasks: [{ id: t1, type: any }]
`);
  expect(stuckIn(foldOf(records), false)).toEqual([]);
  expect(stuckIn(foldOf(records), true)).toEqual([
    {
      kind: 'deadlock',
      message: 'A task waits for what never comes: nothing is left to happen.',
      actors: ['task:t1'],
      more: 0,
    },
  ]);
});
