/** Hubs to measure, with agents that do nothing, so that what is left is the hub. */
import { createHub } from 'xstate-hub';

/** A hub in memory with `agents` agents of the type `worker` that return at once. */
export async function hubWith({ agents, run = async () => ({ ok: true }), ...options }) {
  const hub = await createHub({ project: 'bench', ...options });
  for (let index = 0; index < agents; index++) hub.register({ id: `worker-${index}`, type: 'worker', run });
  await hub.settled();
  return hub;
}

/** A task with a small payload for `agentType`. */
export const task = (index, agentType = 'worker') => ({
  type: 'implement_api',
  payload: { endpoint: `/users/${index}`, methods: ['GET', 'POST'], index },
  requirements: { agentType },
});

/** Takes `count` tasks from submission to completion, `atOnce` at a time; answers milliseconds per task. */
export async function passThrough(hub, count, atOnce, now) {
  const began = now();
  for (let done = 0; done < count; done += atOnce) {
    const results = [];
    for (let index = 0; index < atOnce; index++) results.push(hub.submit(task(index)).result);
    await Promise.all(results);
  }
  return (now() - began) / count;
}

/** Adds `count` tasks that no agent may take, so that they stay live. */
export async function addLive(hub, count) {
  for (let index = 0; index < count; index++) {
    hub.submit(task(index, 'nobody'));
    if (index % 1000 === 999) await hub.settled();
  }
  await hub.settled();
}
