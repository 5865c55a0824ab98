import { createHub } from 'xstate-hub';
import { sqliteStore } from 'xstate-hub/sqlite';

const store = sqliteStore({ path: process.env.HUB_LOG ?? 'hub.db' });
const hub = await createHub({ project: 'web-shop', store });

hub.register({ id: 'dev-1', type: 'development', run: async ({ idempotencyKey }) => ({ deployed: idempotencyKey }) });
for (const { id, status } of hub.tasks()) console.log(id, status); // what was there when the process ended

const task = hub.submit({ type: 'deploy' });
await task.accepted; // it is on disk, and cannot be lost any more
export const outcome = await task.result;
await hub.stop();
