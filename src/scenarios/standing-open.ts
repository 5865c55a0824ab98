/** What has not come to an end in a hub, in words, for a simulation that can go no further. */
import type { Hub } from '../hub/hub.ts';
import type { TaskView } from '../hub/views.ts';

const mostNamed = 20;

const hint =
  'What waits outside of simulated time (setTimeout, a network) is not waited for: a driver sleeps with its own sleep(ms).';

export function whatStandsOpen(hub: Pick<Hub, 'tasks' | 'gates' | 'consultations'>): string {
  const tasks = hub.tasks().filter(({ finishedAt }) => finishedAt === null);
  const open = [
    ...tasks.map(taskLine),
    ...hub
      .gates()
      .map(({ reason, taskId }) => `gate "${reason}"${taskId === null ? '' : ` of ${taskId}`} waits for a decision`),
    ...hub
      .consultations()
      .map(
        ({ question, from, specialistId, specialistType, state }) =>
          `question "${question}" from ${from} to ${specialistId ?? specialistType} is ${state}`,
      ),
  ];
  if (open.length === 0) return 'nothing stands open';
  const more = open.length - mostNamed;
  return [
    'what stands open:',
    ...open.slice(0, mostNamed).map((line) => `- ${line}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
    ...(tasks.some(({ status }) => status === 'running') ? [hint] : []),
  ].join('\n');
}

const taskLine = ({ id, status, agentId, state }: TaskView): string =>
  agentId === null ? `task ${id} is ${status}` : `task ${id} is ${status} with ${agentId} (${state})`;
