/** A hub in a process of its own: a team that waits for people. The number is how many tasks were there before. */
import { createHub, memoryStore } from '../../../dist/index.js';
import { serveHub } from '../../../dist/server.js';

const before = Number(process.argv[2] ?? 0);
const hub = await createHub({ project: 'shop', store: memoryStore() });
if (before > 0) {
  hub.register({ id: 'quick-1', type: 'quick', concurrency: 100, run: async () => 'done' });
  for (let n = 0; n < before; n++) hub.submit({ id: `early-${n}`, type: 'x', requirements: { agentType: 'quick' } });
  await hub.settled();
}
hub.register({ id: 'silent-1', type: 'security', run: async () => {}, answer: () => new Promise(() => {}) });
hub.register({
  id: 'dev-1',
  type: 'dev',
  async run(task, context) {
    const about = { version: '2.3.1', secret: { token: 'hush' }, note: '<img src=x onerror=alert(1)>' };
    const ladder = [
      { afterMs: 600_000, action: 'remind' },
      { afterMs: 3_600_000, action: 'reject' },
    ];
    await context.escalate(`Deploy ${task.id}?`, about, { approvers: ['ann', 'bob'], ladder }).outcome;
    return 'deployed';
  },
});
hub.register({
  id: 'dev-2',
  type: 'asking',
  async run(_task, context) {
    const { answer } = await context.consult('security', 'Is this safe?', { where: 'login' });
    return answer;
  },
});
hub.register({ id: 'qa-1', type: 'qa', run: () => Promise.reject(new Error('the suite is red')) });
hub.submit({ id: 'shop-api', type: 'deploy', requirements: { agentType: 'dev' } });
hub.submit({ id: 'login', type: 'ask', requirements: { agentType: 'asking' } });
hub.submit({ id: 'e2e', type: 'test', metadata: { maxAttempts: 1 }, requirements: { agentType: 'qa' } });
await hub.settled();

const { link, url, hubUrl, token, close } = await serveHub(hub, { redact: ['token'] });
process.stdout.write(`${JSON.stringify({ link, url, hub: hubUrl, token })}\n`);
process.once('SIGINT', async () => {
  await close();
  await hub.stop();
});
