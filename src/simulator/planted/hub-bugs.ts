/** Bugs of the hub's tables: what is looked up, forgotten and let through. */
import { Registry } from '../../hub/registry.ts';
import { HubState } from '../../hub/state.ts';
import { TaskQueue } from '../../hub/task-queue.ts';
import { TypeLimits } from '../../hub/type-limits.ts';
import { type PlantedBug, patch } from './planted-bug.ts';

/** Does something to the tables before each record. */
const before = (name: string, what: string, spoil: (state: HubState) => void): PlantedBug => ({
  name,
  what,
  seams: {
    patch: () =>
      patch(
        HubState.prototype,
        'advance',
        (advance) =>
          function (this: HubState, record) {
            spoil(this);
            advance.call(this, record);
          },
      ),
  },
});

export const hubBugs: readonly PlantedBug[] = [
  before('forgotten-keys', 'idempotency keys are forgotten', ({ keys }) => keys.clear()),
  before('decided-twice', 'a gate that was decided can be decided again', ({ gates }) => {
    gates.delete = () => false;
  }),
  before('lost-letters', 'dead letters are dropped', ({ deadLetters }) => {
    deadLetters.set = () => deadLetters;
  }),
  before('stacked-inbox', 'an inbox gives out the newest message first', ({ agents }) => {
    for (const { inbox } of agents.all()) inbox.push = (...messages) => inbox.unshift(...messages);
  }),
  before('doubled-inbox', 'a message stands twice in its inbox', ({ agents }) => {
    for (const { inbox } of agents.all()) {
      inbox.push = (...messages) => Array.prototype.push.apply(inbox, [...messages, ...messages]);
    }
  }),
  {
    name: 'no-lease-check',
    what: 'an answer counts under any lease',
    seams: {
      patch: () =>
        patch(
          HubState.prototype,
          'leased',
          () =>
            function (this: HubState, { payload }) {
              return this.tasks.get(payload.taskId);
            },
        ),
    },
  },
  {
    name: 'same-agent-lease',
    what: 'an answer under an old lease counts when the same agent has the task again',
    seams: {
      patch: () =>
        patch(
          HubState.prototype,
          'leased',
          () =>
            function (this: HubState, { from, payload }) {
              const entry = this.tasks.get(payload.taskId);
              return entry?.actor.getSnapshot().context.agentId === from ? entry : undefined;
            },
        ),
    },
  },
  {
    name: 'open-gates-forgotten',
    what: 'the gates of a task stay open when it ends',
    seams: {
      patch: () =>
        patch(
          HubState.prototype,
          'openOf',
          (openOf) =>
            function (this: HubState, entry) {
              return { ...openOf.call(this, entry), gates: [] };
            },
        ),
    },
  },
  {
    name: 'open-questions-forgotten',
    what: 'the consultations of a task stay open when it ends',
    seams: {
      patch: () =>
        patch(
          HubState.prototype,
          'openOf',
          (openOf) =>
            function (this: HubState, entry) {
              return { ...openOf.call(this, entry), consultations: [] };
            },
        ),
    },
  },
  {
    name: 'work-not-given-back',
    what: 'an agent that is lost keeps its tasks',
    seams: {
      patch: () =>
        patch(
          HubState.prototype,
          'holdingsOf',
          (holdingsOf) =>
            function (this: HubState, agent) {
              return { ...holdingsOf.call(this, agent), tasks: [] };
            },
        ),
    },
  },
  {
    name: 'silence-unnoticed',
    what: 'an agent that falls silent keeps its work',
    seams: { patch: () => patch(HubState.prototype, 'watch', () => () => {}) },
  },
  {
    name: 'last-in-first-out',
    what: 'of equal tasks, the last is given out first',
    seams: {
      patch: () =>
        patch(
          TaskQueue.prototype,
          'enqueue',
          (enqueue) =>
            function (this: TaskQueue, task) {
              enqueue.call(this, { ...task, place: -task.place });
            },
        ),
    },
  },
  {
    name: 'priorities-upside-down',
    what: 'lower priorities go first',
    seams: {
      patch: () =>
        patch(
          TaskQueue.prototype,
          'enqueue',
          (enqueue) =>
            function (this: TaskQueue, task) {
              enqueue.call(this, { ...task, priority: -task.priority });
            },
        ),
    },
  },
  {
    name: 'still-in-the-queue',
    what: 'a task that was given out stays in the queue',
    seams: {
      patch: () =>
        patch(
          TaskQueue.prototype,
          'dequeue',
          () =>
            function (this: TaskQueue, id) {
              return id === undefined ? this.peek() : this.get(id);
            },
        ),
    },
  },
  {
    name: 'paused-agents-work',
    what: 'work is offered to all agents, whatever holds them',
    seams: {
      patch: () => {
        const free = patch(Registry.prototype, 'isFree', () => () => true);
        const all = patch(
          Registry.prototype,
          'freeFor',
          () =>
            function* (this: Registry, requirements) {
              for (const agent of this.all())
                if ((requirements.agentType ?? agent.spec.type) === agent.spec.type) yield agent;
            },
        );
        return () => {
          free();
          all();
        };
      },
    },
  },
  {
    name: 'busy-specialists',
    what: 'specialists are asked whatever they are busy with',
    seams: {
      patch: () =>
        patch(
          Registry.prototype,
          'freeSpecialists',
          () =>
            function* (this: Registry, type) {
              for (const agent of this.ofType(type)) if (agent.spec.answers) yield agent;
            },
        ),
    },
  },
  {
    name: 'no-limits',
    what: 'limits of types are not kept',
    seams: { patch: () => patch(TypeLimits.prototype, 'mayStart', () => () => true) },
  },
  {
    name: 'room-not-given-back',
    what: 'the room of a limited type is not given back',
    seams: { patch: () => patch(TypeLimits.prototype, 'end', () => () => {}) },
  },
];
