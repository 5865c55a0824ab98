/** The queue: what is taken from it, what is written back, and what becomes of a file that is not as it should be. */
import { readFileSync, symlinkSync, unlinkSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeQueue, readQueue } from '../../src/coordination/queue-file.ts';
import { coordinating, doParser, eventually, parserTask, project } from '../support/coordination-folder.ts';

const simple = { id: 'simple-1', title: 'Fix the typo in src/login.ts', status: 'pending' };

describe('tasks', () => {
  test('a simple one gets its master in the file, and nothing else happens', async () => {
    const at = project();
    at.queue(simple, { ...simple, id: 'simple-2', title: 'Scan the repository for vulnerabilities' });
    const coordination = await coordinating(at);
    const summary = await coordination.untilIdle();

    expect(at.json('task-queue.json').tasks).toEqual([
      { ...simple, assigned_to: 'development' },
      { id: 'simple-2', title: 'Scan the repository for vulnerabilities', status: 'pending', assigned_to: 'security' },
    ]);
    expect(at.events()).toEqual([
      { timestamp: expect.any(String), type: 'task_routed', task_id: 'simple-1', assigned_to: 'development' },
      { timestamp: expect.any(String), type: 'task_routed', task_id: 'simple-2', assigned_to: 'security' },
    ]);
    expect(summary).toEqual({ completed: [], failed: [], blocked: [], refused: [] });
    expect(coordination.hub.orchestrations().total).toBe(0);
  });

  test('one that is complex by its words is orchestrated without being told to', async () => {
    const at = project();
    at.queue({
      id: 'task-1',
      title: 'Add authentication system with security audit and documentation',
      status: 'pending',
    });
    const { hub } = await coordinating(at);
    await eventually(() => at.handoff('development', 'auth-001-design'));
    await eventually(() => at.json('task-queue.json').tasks[0].status === 'in_progress');

    expect(hub.report('orch-task-1').reasons).not.toEqual([]);
  });

  test.each([
    ['done', { status: 'completed' }],
    ['at work', { status: 'in_progress' }],
    ["somebody's already", { assigned_to: 'ann' }],
  ])('one that is %s is left alone', async (_what, fields) => {
    const at = project();
    at.queue({ ...simple, ...fields });
    await (await coordinating(at)).untilIdle();

    expect(at.json('task-queue.json').tasks).toEqual([{ ...simple, ...fields }]);
  });

  test('two with the same words have subtasks and files of their own', async () => {
    const at = project();
    at.queue(parserTask('task-1'), parserTask('task-2'));
    await coordinating(at);
    await eventually(() => at.handoff('development', 'parser-001-design'));
    await eventually(() => at.handoff('development', 'parser-001-design-2'));

    expect(at.json('orchestrator/subtasks/parser-001-design.json').parent_task_id).toBe('task-1');
    expect(at.json('orchestrator/subtasks/parser-002-implement-2.json')).toMatchObject({
      parent_task_id: 'task-2',
      dependencies: ['parser-001-design-2'],
    });
  });

  test('one that nobody knows how to plan fails, with the reason', async () => {
    const at = project();
    at.queue({ id: 'odd', title: 'Xyzzy the frobnicator', status: 'pending' });
    const { failed } = await (await coordinating(at)).untilIdle();

    expect(failed).toEqual(['orch-odd']);
    expect(at.json('task-queue.json').tasks[0].status).toBe('failed');
    expect(at.read('orchestrator/reports/orch-odd.md')).toContain('there is no rule for');
  });

  test('one that was done and is made pending again is not done again', async () => {
    const at = project();
    at.queue(parserTask());
    const coordination = await coordinating(at);
    await doParser(at);
    await eventually(() => at.json('task-queue.json').tasks[0].status === 'completed');
    await coordination.untilIdle();
    at.queue(parserTask());
    await eventually(() => coordination.notices[0]);

    expect(coordination.notices[0]).toContain('was orchestrated before, and is completed; a new try needs a new id');
    await eventually(() => at.json('task-queue.json').tasks[0].status === 'completed');
    expect(coordination.hub.orchestrations().total).toBe(1);
  });
});

describe('ids that are no names of files', () => {
  test.each(['../../etc/cron.d/x', '/etc/passwd', 'a\0b', 'x'.repeat(129), '', 7, null])(
    '%j is refused, and the others go on',
    async (id) => {
      const at = project();
      at.queue(parserTask(id as string), parserTask('good'));
      const { notices } = await coordinating(at);
      await eventually(() => at.handoff('development', 'parser-001-design'));

      expect(notices).toEqual([
        expect.stringMatching(/^coordination\/task-queue\.json:\d+: tasks\.0\.id: an entry of the queue needs an id$/),
      ]);
      expect(at.names('orchestrator/tasks')).toEqual(['orch-good.json']);
    },
  );

  test.each(['a:b', 'x'.repeat(44), 'nul', 'a.'])('%j cannot be orchestrated, and the others go on', async (id) => {
    const at = project();
    at.queue(parserTask(id), parserTask('good'));
    const coordination = await coordinating(at);
    await eventually(() => at.handoff('development', 'parser-001-design'));

    expect(coordination.notices).toEqual([expect.stringContaining(`task ${id}: its id cannot be the name of a file`)]);
    expect(at.names('orchestrator/tasks')).toEqual(['orch-good.json']);
  });

  test('two that differ in case only would be one file on some systems', async () => {
    const at = project();
    at.queue(parserTask('Task'), parserTask('task'));
    const { notices } = await coordinating(at);
    await eventually(() => notices[0]);

    expect(notices[0]).toContain('task task: its id differs from that of orch-Task in case only');
  });
});

describe('a file', () => {
  test('that is half-written is told once with its line, and read when it is whole; nothing is lost (In2)', async () => {
    const at = project();
    at.queue(parserTask('task-1'));
    const whole = at.read('task-queue.json');
    at.write('task-queue.json', whole.slice(0, whole.length / 2));
    const { notices, hub } = await coordinating(at);
    await eventually(() => notices[0]);
    at.write('task-queue.json', whole.slice(0, whole.length - 5));
    at.write('task-queue.json', whole);
    await eventually(() => at.handoff('development', 'parser-001-design'));

    expect(notices[0]).toMatch(/^coordination\/task-queue\.json:\d+: not JSON, or not yet/);
    expect(hub.orchestrations().total).toBe(1);
  });

  test('that becomes broken takes nothing back from what was read before', async () => {
    const at = project();
    at.queue(parserTask());
    const { notices, hub } = await coordinating(at);
    await eventually(() => at.handoff('development', 'parser-001-design'));
    at.write('task-queue.json', 'garbage');
    await eventually(() => notices[0]);
    await doParser(at);
    await eventually(() => hub.orchestrations().completed === 1);

    expect(at.read('task-queue.json')).toBe('garbage');
    at.queue(parserTask());
    await eventually(() => at.json('task-queue.json').tasks[0].status === 'completed');
  });

  test.each([
    ['', 'it is empty'],
    ['null', 'expected a list of tasks'],
    ['{"tasks": {}}', 'expected a list of tasks'],
    ['[1, "x", null, []]', '0: expected a request'],
    ['[{"id": "a"}]', '0.title: '],
  ])('with %j is told', async (text, told) => {
    const at = project();
    at.write('task-queue.json', text);
    const { notices } = await coordinating(at);

    expect(notices.join('\n')).toContain(told);
  });

  test('that comes later is seen when it comes, and new tasks as they come', async () => {
    const at = project();
    const { notices } = await coordinating(at);
    expect(notices).toEqual(['coordination/task-queue.json: there is no such file, and tasks are taken from there']);
    at.queue(parserTask('task-1'));
    await eventually(() => at.handoff('development', 'parser-001-design'));
    at.write('task-queue.json', [parserTask('task-2')]);
    await eventually(() => at.handoff('development', 'parser-001-design-2'));
  });

  test('that leads out of the project is neither read nor written', async () => {
    const [at, outside] = [project(), project()];
    outside.queue(simple);
    at.queue();
    unlinkSync(at.path('task-queue.json'));
    symlinkSync(outside.path('task-queue.json'), at.path('task-queue.json'));
    const { notices } = await coordinating(at);
    await eventually(() => notices[0]);

    expect(notices[0]).toContain('leads out of');
    expect(outside.json('task-queue.json').tasks).toEqual([simple]);
  });
});

describe('a change of a field', () => {
  test.each([
    [
      '{\n  "tasks": [\n    {\n      "id": "a",\n      "n": 12345678901234567890\n    }\n  ]\n}\n',
      '{\n  "tasks": [\n    {\n      "id": "a",\n      "n": 12345678901234567890,\n      "status": "done"\n    }\n  ]\n}\n',
    ],
    ['[{"id":"a","status":"pending"},{"id":"b"}]', '[{"id":"a","status":"done"},{"id":"b"}]'],
    ['[ { "status" : null , "id" : "a" } ]', '[ { "status" : "done" , "id" : "a" } ]'],
    ['\uFEFF[{"task_id": "a"}]', '\uFEFF[{"task_id": "a", "status": "done"}]'],
    ['[\n\t{\n\t\t"id": "a"\n\t}\n]', '[\n\t{\n\t\t"id": "a",\n\t\t"status": "done"\n\t}\n]'],
  ])('in %j leaves every other letter (Qf2)', (before, after) => {
    expect(changeQueue(before, new Map([['a', { status: 'done' }]]))).toBe(after);
  });

  test('whatever else is in the queue, only that field changes', () => {
    const entry = fc.record({ id: fc.stringMatching(/^[a-z]{1,3}$/), title: fc.string(), more: fc.jsonValue() });
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { selector: ({ id }) => id, minLength: 1, maxLength: 5 }),
        fc.constantFrom(undefined, 1, 2, '\t'),
        (entries, indent) => {
          const [first] = entries;
          const text = JSON.stringify({ tasks: entries }, null, indent);
          const changed = changeQueue(text, new Map([[first?.id ?? '', { assigned_to: 'a "b" \\ \u2028' }]]));
          const [{ assigned_to, ...rest }, ...others] = JSON.parse(changed).tasks;
          expect(assigned_to).toBe('a "b" \\ \u2028');
          expect([rest, ...others]).toEqual(JSON.parse(text).tasks);
        },
      ),
    );
  });
});

test('every fault of the queue has its line, and the good ones are read (Qf1)', () => {
  const { entries, faults } = readQueue(
    readFileSync(new URL('../support/queue-with-faults.json', import.meta.url), 'utf8'),
    'q.json',
  );

  expect(entries.map(({ id }) => id)).toEqual(['good-1', 'good-2']);
  expect(faults).toEqual([
    'q.json:8: tasks.1.title: expected text, found 7',
    'q.json:9: tasks.2.id: an entry of the queue needs an id',
    'q.json:16: tasks.4: there is another task good-1; only the first one counts',
  ]);
});
