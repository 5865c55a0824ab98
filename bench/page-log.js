/** A long log for the page: a team that works through tasks, asks specialists and waits for people. */
import { createWriteStream } from 'node:fs';
import { exportLog } from '../dist/index.js';
import { simulate } from '../dist/testing.js';

/**
 * Writes a log of exactly so many records as JSON lines; answers how many bytes that are.
 *
 * @param {string} file
 * @param {number} count
 */
export async function writeLog(file, count) {
  const out = createWriteStream(file);
  let bytes = 0;
  let written = 0;
  const store = {
    append(_seq, records) {
      const rest = records.slice(0, count - written);
      written += rest.length;
      const text = [...exportLog(rest)].join('');
      bytes += Buffer.byteLength(text);
      out.write(text);
    },
    read: () => [],
    close() {},
  };
  const { hub, environment, step, settle } = await simulate({ seed: 11, store, project: 'long' });
  for (let n = 0; n < 100; n++) {
    hub.register({
      id: `agent-${n}`,
      type: n % 10 === 0 ? 'reviewer' : 'developer',
      capabilities: ['code'],
      async run(task, context) {
        await context.sleep(1000 + Math.floor(environment.random() * 60_000));
        if (task.payload.number % 20 === 0)
          await context.consult('reviewer', `is number ${task.payload.number} right?`);
        if (task.payload.number % 500 === 0) await context.escalate('may this go out?').outcome;
        return { lines: task.payload.number };
      },
      ...(n % 10 === 0 && { answer: [{ work: '2m' }, { return: 'it is' }] }),
    });
  }
  hub.on('gate.open', ({ payload }) =>
    hub.decideGate(payload.gateId, {
      decision: 'approve',
      by: 'ada',
      reason: 'fine',
      contentHash: payload.contentHash,
    }),
  );
  for (let number = 1; written < count; ) {
    while (hub.pendingCount() < 200) {
      hub.submit({ id: `task-${number}`, type: 'change', payload: { title: `change number ${number}`, number } });
      number++;
    }
    await settle();
    if (!(await step())) throw new Error('nothing is left to happen');
  }
  await new Promise((resolve) => out.end(resolve));
  return bytes;
}
