import { defineConfig } from 'vitest/config';

/** The tests that mutants of the queue, the heap, routing, retry and the breaker have to get past. */
export default defineConfig({
  test: {
    include: [
      'test/actors/indexed-heap.test.ts',
      'test/hub/task-queue.test.ts',
      'test/hub/queue-order.test.ts',
      'test/orchestration/{backoff,retrying}.test.ts',
      'test/orchestration/breaker*.test.ts',
      'test/orchestration/{bandits,misbehaving-routers,strategies}.test.ts',
    ],
  },
});
