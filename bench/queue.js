import { TaskQueue } from '../dist/hub/task-queue.js';
import { collect, now, spread } from './rounds.js';

export const title = 'the queue alone';
export const notMeasured = 'the hub around it: no records, no charts, no assignment';

const operations = 10_000;

export async function run({ quick }) {
  const figures = [];
  for (const size of [1000, 10_000, 100_000]) {
    const queue = new TaskQueue();
    let place = 0;
    const add = () => {
      place++;
      queue.enqueue({ id: `task-${place}`, place, priority: (place * 7919) % 21, lane: `lane-${place % 10}` });
    };
    for (let index = 0; index < size; index++) add();
    const taken = { enqueue: [], reprioritise: [], dequeue: [] };
    const rounds = quick ? 5 : 9;
    for (let round = -2; round < rounds; round++) {
      collect();
      const first = place + 1;
      const micros = {
        enqueue: time(add),
        reprioritise: time((index) => queue.reprioritise(`task-${first + index}`, (index * 31) % 21)),
        dequeue: time(() => queue.remove(queue.dequeue().id)),
      };
      if (round >= 0) for (const [operation, value] of Object.entries(micros)) taken[operation].push(value);
    }
    for (const [operation, values] of Object.entries(taken)) {
      figures.push(spread(`${operation}, ${size} queued`, values, 'µs'));
    }
  }
  return figures;
}

function time(once) {
  const began = now();
  for (let index = 0; index < operations; index++) once(index);
  return ((now() - began) * 1000) / operations;
}
