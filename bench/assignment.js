import { addLive, hubWith, task } from './fixture.js';
import { collect, latencies, now } from './rounds.js';

export const title = 'routing and assignment with 10,000 queued tasks';
export const notMeasured = 'many messages at the same moment (each is alone here), and a policy that takes its time';

const queued = 10_000;

export async function run({ quick }) {
  const samples = quick ? 500 : 3000;
  const figures = [];
  for (const agents of [100, 1000, 10_000]) {
    const more = agents === 1000 ? { atMost: 1 } : {};
    const of = `${agents} agents`;
    figures.push(...latencies(`${of}: submitted, to its driver`, await submissions(agents, samples), 'ms', more));
    figures.push(...latencies(`${of}: submitted, one agent can do it`, await searches(agents, samples), 'ms', more));
    figures.push(...latencies(`${of}: completed, next at its driver`, await completions(agents, samples), 'ms', more));
  }
  return figures;
}

/** All agents are free, and none may take what waits. */
async function submissions(agents, samples) {
  let started = () => {};
  const hub = await hubWith({ agents, run: async () => started() });
  await addLive(hub, queued);
  return await measure(samples, async () => {
    const start = new Promise((resolve) => {
      started = () => resolve(now());
    });
    const began = now();
    const { result } = hub.submit(task(0));
    const took = (await start) - began;
    await result;
    return took;
  });
}

/** All agents are free, and the last of them is the only one with the capability. */
async function searches(agents, samples) {
  let started = () => {};
  const hub = await hubWith({ agents: agents - 1 });
  hub.register({ id: 'expert', type: 'worker', capabilities: ['rare'], run: async () => started() });
  await addLive(hub, queued);
  return await measure(samples, async () => {
    const start = new Promise((resolve) => {
      started = () => resolve(now());
    });
    const began = now();
    const { result } = hub.submit({ type: 'audit', requirements: { agentType: 'worker', capabilities: ['rare'] } });
    const took = (await start) - began;
    await result;
    return took;
  });
}

/** All agents are busy and wait to be told that they are done; then they get the next of what waits. */
async function completions(agents, samples) {
  const atWork = [];
  let started = () => {};
  const run = () =>
    new Promise((resolve) => {
      atWork.push(resolve);
      started();
    });
  const hub = await hubWith({ agents, run });
  for (let index = 0; index < agents + queued; index++) hub.submit(task(index));
  await hub.settled();
  const took = await measure(samples, async () => {
    const next = new Promise((resolve) => {
      started = () => resolve(now());
    });
    const began = now();
    atWork.shift()(null);
    return (await next) - began;
  });
  started = () => {};
  return took;
}

async function measure(samples, once) {
  const warmUp = Math.min(300, samples);
  const taken = [];
  collect();
  for (let index = -warmUp; index < samples; index++) {
    const took = await once();
    if (index >= 0) taken.push(took);
  }
  return taken;
}
