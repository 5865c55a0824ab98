import { createHub, type PlanInput } from 'xstate-hub';
import { createTracker } from 'xstate-hub/tracking';

const plan: PlanInput = {
  title: 'Sell gift cards',
  subtasks: [
    {
      id: 'design',
      title: 'Design the gift card',
      owner: 'designer', // the type of the agents that it goes to
      minutes: { min: 5, max: 10 },
      tokens: 4000,
      successCriteria: 'a drawing is approved',
    },
    {
      id: 'build',
      title: 'Implement the checkout',
      owner: 'developer',
      dependencies: ['design'],
      minutes: { min: 10, max: 20 },
      tokens: 8000,
      files: ['src/checkout.ts'],
      successCriteria: 'all tests of the checkout pass',
    },
    {
      id: 'review',
      title: 'Review the change',
      owner: 'reviewer',
      dependencies: ['build'],
      minutes: { min: 5, max: 10 },
      tokens: 3000,
      successCriteria: 'no open findings',
    },
  ],
};

const hub = await createHub({ project: 'web-shop' });
const tracker = createTracker();
tracker.follow(hub);
for (const type of ['designer', 'developer', 'reviewer']) {
  // `payload` is the handoff: what to do, what was done before, what waits for it.
  hub.register({ id: `${type}-1`, type, run: async ({ payload }) => ({ done: payload }) });
}
export const outcome = await hub.orchestrate({ title: plan.title, plan }).result;
console.log(outcome.report.subtasks, tracker.report().executionMs, tracker.toPrometheus());
await hub.stop();
