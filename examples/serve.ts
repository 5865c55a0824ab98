import { createHub } from 'xstate-hub';
import { serveHub } from 'xstate-hub/server';

const hub = await createHub({ project: 'web-shop' });
hub.register({
  id: 'dev-1',
  type: 'development',
  run: async (task, { escalate }) => escalate(`Deploy ${task.id}?`, { version: '2.3.1' }).outcome,
});
hub.submit({ id: 'checkout', type: 'deploy' });

export const server = await serveHub(hub, { redact: ['password'] });
console.log(server.link); // the inspector, attached: decide the gate there
hub.stopped.finally(() => server.close());
