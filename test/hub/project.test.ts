import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulate } from '../../src/testing.ts';
import { expectFoldEqual } from '../support/check.ts';
import { recordsOf } from '../support/log.ts';
import { refusal } from '../support/refusals.ts';

test('a project has a phase, metadata, a history, counters and progress', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  const start = simulation.environment.now();
  expect(hub.projectState()).toMatchObject({ phase: 'initial', metadata: {}, history: [], progress: null });
  hub.updateProject({ phase: 'design', metadata: { repository: 'auth', team: { size: 3 } } });
  await simulation.advance(1000);
  hub.updateProject({ phase: 'build', metadata: { team: { size: 4 } } });
  hub.register({ id: 'dev', type: 'dev', run: [{ fail: { message: 'once', times: 1 } }] });
  hub.submit({ type: 'x' });
  hub.submit({ type: 'x' }).cancel();
  hub.submit({ type: 'x', requirements: { agentType: 'nobody' } });
  hub.submit({ type: 'x', requirements: { agentType: 'nobody' } });
  await hub.send({ to: 'dev', type: 'note' });
  hub.escalate('well?');
  await simulation.run();
  expect(hub.projectState()).toEqual({
    phase: 'build',
    metadata: { repository: 'auth', team: { size: 4 } },
    history: [
      { phase: 'design', at: start },
      { phase: 'build', at: start + 1000 },
    ],
    counters: {
      submitted: 4,
      completed: 1,
      failed: 0,
      cancelled: 1,
      messages: 1,
      consultations: 0,
      gates: 1,
    },
    progress: 0.5,
  });
  await expectFoldEqual(simulation);
});

test('each change is a few patches in the log, and no change is none', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  hub.updateProject({ metadata: { a: 1, b: { deep: [1, 2] } } });
  hub.updateProject({ metadata: { a: 2 } });
  hub.updateProject({ phase: 'initial' });
  hub.updateProject({});
  await simulation.settle();
  expect(recordsOf(simulation, 'project.update')).toHaveLength(4);
  expect(recordsOf(simulation, 'project.updated').map(({ payload }) => payload.patches)).toEqual([
    [
      { op: 'add', path: ['metadata', 'a'], value: 1 },
      { op: 'add', path: ['metadata', 'b'], value: { deep: [1, 2] } },
    ],
    [{ op: 'replace', path: ['metadata', 'a'], value: 2 }],
  ]);
  await expectFoldEqual(simulation);
});

test('any sequence of updates folds to the same state (I13)', async () => {
  const update = fc.record(
    {
      phase: fc.constantFrom('a', 'b', 'c'),
      metadata: fc.dictionary(
        fc.constantFrom('x', 'y', 'constructor', 'prototype', '0'),
        fc.jsonValue({ maxDepth: 2 }),
      ),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(update, { maxLength: 10 }), async (updates) => {
      fc.pre(!JSON.stringify(updates).includes('__proto__'));
      const simulation = await simulate();
      const expected: Record<string, unknown> = {};
      for (const each of updates) {
        simulation.hub.updateProject(each);
        for (const [key, value] of Object.entries(each.metadata ?? {})) expected[key] = value;
      }
      expect(simulation.hub.projectState().metadata).toEqual(JSON.parse(JSON.stringify(expected)));
      await expectFoldEqual(simulation);
    }),
    { numRuns: 50 },
  );
});

test('at most the last thousand phases are remembered', async () => {
  const simulation = await simulate();
  const { hub } = simulation;
  for (let index = 0; index < 1005; index++) hub.updateProject({ phase: `p${index}` });
  const { history } = hub.projectState();
  expect([history.length, history[0]?.phase, history.at(-1)?.phase]).toEqual([1000, 'p5', 'p1004']);
  await expectFoldEqual(simulation);
});

test.each<[Record<string, unknown>, string]>([
  [{ phase: '' }, 'phase'],
  [{ phase: 5 }, 'phase'],
  [{ metadata: [] }, 'metadata'],
  [{ metadata: { at: new Date(0) } }, 'metadata.at'],
  [{ history: [] }, 'history'],
])('%j is refused', async (update, path) => {
  const simulation = await simulate();
  expect(refusal(() => simulation.hub.updateProject(update)).path).toBe(path);
  await expectFoldEqual(simulation);
  expect(simulation.hub.projectState().history).toEqual([]);
});
