import { createHub, epsilonGreedy, reportMarkdown } from 'xstate-hub';
import { cronCalendar } from 'xstate-hub/cron';

const hub = await createHub({
  project: 'web-shop',
  router: epsilonGreedy(), // or longestFree (default), capabilityMatch(), leastLoaded(), ucb1(), your own
  calendar: cronCalendar(),
  config: { retry: { maxAttempts: 3, backoffMs: 500 }, limits: { deploy: { concurrency: 1 } } },
});
for (const type of ['development', 'security']) {
  hub.register({
    id: `${type}-1`,
    type,
    async run(task, context) {
      context.rate(0.9); // how good the result is; routing by performance learns from it
      return { did: task.type };
    },
  });
}

hub.schedule({ id: 'nightly', cron: '0 3 * * *', timezone: 'Europe/Berlin', task: { type: 'backup' } });

const work = hub.orchestrate({ title: 'Add authentication system with security audit and documentation' });
export const outcome = await work.result; // six subtasks in five stages, planned by rules
console.log(reportMarkdown(outcome.report));
console.log(hub.health().state, hub.explainRouting({ type: 'deploy' }).summary);
await hub.stop();
