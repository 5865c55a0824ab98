/**
 * BullMQ on a Redis that keeps nothing, to compare with: it is what many would take instead.
 *
 * Redis is started here, on a socket in a folder, and ended again. Jobs go in as many at once as tasks do, one
 * worker takes them with as much concurrency as there are agents, and finished jobs are removed.
 *
 * Where the two differ, BullMQ has less to do: jobs go in by one call for all, and their end is heard from the worker,
 * in this process. A submitter elsewhere would need `QueueEvents` for that, which cost 11 to 22 % more where it was
 * measured; the hub gives each submitter the result of its own task.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { task } from './fixture.js';
import { now } from './rounds.js';

const howToGet = `BullMQ is not measured: %s is not here.
  redis-server: your system's package (apt install redis-server, brew install redis); it has to be on the PATH
  bullmq: npm install --no-save bullmq ioredis\n`;

/** Undefined, with a word on stderr, when there is nothing to compare with. */
export async function bullmq({ folder, agents, atOnce }) {
  const missing = (what) => {
    process.stderr.write(howToGet.replace('%s', what));
    return undefined;
  };
  if (spawnSync('redis-server', ['--version']).status !== 0) return missing('redis-server');
  const library = await import('bullmq').catch(() => undefined);
  if (library === undefined) return missing('the package bullmq');

  const path = join(folder, 'redis.sock');
  const options = ['--port', '0', '--unixsocket', path, '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 20));

  const connection = { path, maxRetriesPerRequest: null };
  const queue = new library.Queue('bench', { connection, defaultJobOptions: { removeOnComplete: true } });
  let completed = () => {};
  const worker = new library.Worker('bench', async () => ({ ok: true }), { connection, concurrency: agents });
  worker.on('completed', () => completed());
  await worker.waitUntilReady();

  return {
    /** Takes so many jobs from submission to completion; answers milliseconds per job. */
    async passThrough(count) {
      const began = now();
      for (let done = 0; done < count; done += atOnce) {
        let left = atOnce;
        const all = new Promise((resolve) => {
          completed = () => {
            left--;
            if (left === 0) resolve();
          };
        });
        await queue.addBulk(Array.from({ length: atOnce }, (_, index) => ({ name: 'task', data: task(index) })));
        await all;
      }
      return (now() - began) / count;
    },
    async close() {
      await worker.close();
      await queue.close();
      server.kill();
      await once(server, 'exit');
    },
  };
}
