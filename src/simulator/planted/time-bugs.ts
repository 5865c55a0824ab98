/** Bugs of clocks and deadlines. */
import { Deadlines } from '../../hub/deadlines.ts';
import { HubState } from '../../hub/state.ts';
import { type PlantedBug, patch } from './planted-bug.ts';

export const timeBugs: readonly PlantedBug[] = [
  {
    name: 'deadlines-from-now',
    what: 'after a restart, timers are set anew from now on',
    seams: {
      environment: (environment, life) =>
        life === 1
          ? environment
          : {
              ...environment,
              wakeAt: (time, wake) => environment.wakeAt(Math.max(time, environment.now() + 5000), wake),
            },
    },
  },
  {
    name: 'restored-late',
    what: 'deadlines come back from a checkpoint a minute later than they were',
    seams: {
      patch: () =>
        patch(
          Deadlines.prototype,
          'restore',
          (restore) =>
            function (this: Deadlines, deadline, order) {
              restore.call(this, { ...deadline, dueAt: deadline.dueAt + 60_000 }, order);
            },
        ),
    },
  },
  {
    name: 'latest-deadline-first',
    what: 'of all deadlines, the latest is waited for',
    seams: {
      patch: () =>
        patch(
          Deadlines.prototype,
          'next',
          () =>
            function (this: Deadlines) {
              return this.inOrder().at(-1);
            },
        ),
    },
  },
  {
    name: 'deadlines-stay',
    what: 'a deadline that was taken away still passes',
    seams: {
      patch: () =>
        patch(
          Deadlines.prototype,
          'set',
          (before) =>
            function (this: Deadlines, kind, subject, dueAt) {
              const passed = this.next();
              const isPassing = passed?.kind === kind && passed.subject === subject;
              if (dueAt !== null || isPassing || kind !== 'task') before.call(this, kind, subject, dueAt);
            },
        ),
    },
  },
  {
    name: 'deadline-a-millisecond-late',
    what: 'deadlines are set with < for <=',
    seams: {
      patch: () =>
        patch(
          Deadlines.prototype,
          'set',
          (before) =>
            function (this: Deadlines, kind, subject, dueAt) {
              before.call(this, kind, subject, dueAt === null ? null : dueAt + 1);
            },
        ),
    },
  },
  {
    name: 'clock-in-the-fold',
    what: 'the fold looks at the clock',
    seams: {
      patch: () =>
        patch(
          HubState.prototype,
          'advance',
          (before) =>
            function (this: HubState, record) {
              before.call(this, record);
              this.at = Math.max(this.at, Date.now() - 1e13);
            },
        ),
    },
  },
];
