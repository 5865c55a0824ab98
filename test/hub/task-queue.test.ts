import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type QueuedTask, TaskQueue } from '../../src/hub/task-queue.ts';

const ids = [...'abcdefghijkl'];
/** A task asks the same of agents all its life. */
const laneOf = (id: string): string => `lane ${ids.indexOf(id) % 3}`;

const id = fc.constantFrom(...ids);
const priority = fc.integer({ min: -2, max: 2 });
const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('enqueue' as const), id, priority }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('dequeue' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('dequeueById' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), id }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reprioritise' as const), id, priority }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('return' as const), id }) },
);

test('any interleaving of actions leaves the order of a plain sort by priority, then place (Q1, Q2, Q3, I6)', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      const queue = new TaskQueue();
      let queued: QueuedTask[] = [];
      const taken = new Map<string, QueuedTask>();
      const sort = () => queued.sort((a, b) => b.priority - a.priority || a.place - b.place);
      const takeOut = (task: QueuedTask | undefined) => {
        if (task === undefined) return;
        queued = queued.filter((other) => other.id !== task.id);
        taken.set(task.id, task);
      };

      for (const [place, step] of actions.entries()) {
        const known = 'id' in step ? queued.find((task) => task.id === step.id) : undefined;
        switch (step.do) {
          case 'enqueue': {
            if (known !== undefined || taken.has(step.id)) break;
            const task = { id: step.id, priority: step.priority, place, lane: laneOf(step.id) };
            queue.enqueue(task);
            queued.push(task);
            break;
          }
          case 'dequeue':
            expect(queue.dequeue()).toEqual(queued[0]);
            takeOut(queued[0]);
            break;
          case 'dequeueById':
            expect(queue.dequeue(step.id)).toEqual(known);
            takeOut(known);
            break;
          case 'remove':
            queue.remove(step.id);
            queued = queued.filter((task) => task.id !== step.id);
            taken.delete(step.id);
            break;
          case 'reprioritise':
            expect(queue.reprioritise(step.id, step.priority)).toBe(known !== undefined);
            if (known !== undefined) {
              queued = [...queued.filter((task) => task !== known), { ...known, priority: step.priority }];
            }
            break;
          case 'return': {
            const task = taken.get(step.id);
            if (task === undefined) break;
            queue.enqueue(task);
            taken.delete(step.id);
            queued.push(task);
          }
        }
        sort();
        expect(queue.peek()).toEqual(queued[0]);
        expect(queue.inOrder()).toEqual(queued);
        expect(queue.pendingCount).toBe(queued.length);
        expect(queue.stats).toEqual({
          queued: queued.length,
          processing: taken.size,
          total: queued.length + taken.size,
        });
        for (const each of ids) {
          expect(queue.get(each)).toEqual(queued.find((task) => task.id === each));
          expect(queue.isProcessing(each)).toBe(taken.has(each));
        }
        const firstOfLanes = queued.filter(
          (task, index) => queued.findIndex(({ lane }) => lane === task.lane) === index,
        );
        expect([...queue.heads()].sort((a, b) => b.priority - a.priority || a.place - b.place)).toEqual(firstOfLanes);
      }
    }),
    { numRuns: 300 },
  );
});
