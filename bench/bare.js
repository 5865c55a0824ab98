/** The same transitions on XState alone: no queue, no log, no validation, no drivers, nobody who waits. */
import { createActor } from 'xstate';
import { agentMachine, taskMachine } from 'xstate-hub/machines';

/** The least that a parent can be, so that task actors are children, as they are in the hub. */
const parentLogic = {
  getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined }),
  transition: (snapshot) => snapshot,
  getPersistedSnapshot: (snapshot) => snapshot,
};

export function bareActors(agents) {
  const parent = createActor(parentLogic).start();
  const workers = Array.from({ length: agents }, (_, index) =>
    createActor(agentMachine, { parent, id: `agent:${index}`, input: { agentId: `worker-${index}` } }).start(),
  );
  let created = 0;

  const spawnQueued = () => {
    const taskId = `task-${created++}`;
    const task = createActor(taskMachine, { parent, id: `task:${taskId}`, input: { taskId, dueAt: null } }).start();
    task.send({ type: 'task.enqueued' });
    return { taskId, task };
  };
  return {
    /** A task actor that stays in the queue. */
    spawnQueued,
    /** A task actor's whole life, and its agent's share in it. */
    passOne() {
      const { taskId, task } = spawnQueued();
      const worker = workers[created % agents];
      task.send({ type: 'task.assigned', agentId: worker.id, lease: created });
      worker.send({ type: 'task.assigned', taskId });
      task.send({ type: 'task.started' });
      worker.send({ type: 'task.released', taskId });
      task.send({ type: 'task.completed' });
    },
  };
}
