import { createHub } from 'xstate-hub';

const hub = await createHub({ project: 'my-project' });

hub.register({
  id: 'security-1',
  type: 'security-expert',
  run: async () => 'audited',
  answer: async ({ question }) => `"${question}" Yes, with short-lived tokens.`,
});
hub.register({
  id: 'backend-1',
  type: 'backend-developer',
  async run(task, context) {
    context.progress(50, 'the routes are drafted');
    const advice = await context.consult('security-expert', 'Are JWT tokens secure here?', task.payload);
    await context.escalate('Deploy to production?', { advice }).outcome; // a no ends the task here
    return { deployed: true };
  },
});
hub.on('gate.open', ({ payload }) => hub.decideGate(payload.gateId, { decision: 'approve', by: 'ann' }));

const task = hub.submit({ type: 'implement_api', requirements: { agentType: 'backend-developer' } });
export const outcome = await task.result;
console.log(outcome); // { status: 'completed', agentId: 'backend-1', result: { deployed: true }, … }
await hub.drain();
