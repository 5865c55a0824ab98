/** Bugs of what the hub does in the world: too early, twice, not at all, or otherwise than the log says. */
import { Kernel } from '../../hub/kernel.ts';
import { Listeners } from '../../hub/listeners.ts';
import { Outcomes } from '../../hub/outcomes.ts';
import { Runner } from '../../hub/runner.ts';
import { type PlantedBug, patch } from './planted-bug.ts';

export const deliveryBugs: readonly PlantedBug[] = [
  {
    name: 'early-acknowledgement',
    what: 'a submitted task is acknowledged before it is durable',
    seams: {
      patch: () =>
        patch(
          Kernel.prototype,
          'take',
          (take) =>
            function (this: Kernel, prepare, waiter) {
              let isSubmit = false;
              const noted = () => {
                const draft = prepare();
                isSubmit = draft.type === 'task.submit';
                return draft;
              };
              const later = waiter && { resolve: () => {}, reject: () => {} };
              let records: Parameters<NonNullable<typeof waiter>['resolve']>[0] = [];
              const taken = take.call(this, noted, {
                resolve(given) {
                  records = given;
                  if (!isSubmit) waiter?.resolve(given);
                },
                reject: (error) => (isSubmit ? later?.reject() : waiter?.reject(error)),
              });
              if (isSubmit) waiter?.resolve(records);
              return taken;
            },
        ),
    },
  },
  {
    name: 'said-twice',
    what: 'a message between agents is taken twice',
    seams: {
      patch: () =>
        patch(
          Kernel.prototype,
          'take',
          (take) =>
            function (this: Kernel, prepare, waiter) {
              let isMessage = false;
              const taken = take.call(
                this,
                () => {
                  const draft = prepare();
                  isMessage = draft.type === 'message.send';
                  return draft;
                },
                waiter,
              );
              if (isMessage) take.call(this, prepare);
              return taken;
            },
        ),
    },
  },
  {
    name: 'called-twice',
    what: 'a driver is called twice for one assignment',
    seams: {
      patch: () =>
        patch(
          Runner.prototype,
          'act',
          (act) =>
            function (this: Runner, record) {
              act.call(this, record);
              if (record.type === 'task.assigned') act.call(this, record);
            },
        ),
    },
  },
  {
    name: 'outcome-not-told',
    what: 'who waits for a failed task is never told',
    seams: {
      patch: () =>
        patch(
          Runner.prototype,
          'act',
          (act) =>
            function (this: Runner, record) {
              if (record.type !== 'task.failed') act.call(this, record);
            },
        ),
    },
  },
  {
    name: 'wrong-result',
    what: 'another result is told than the agent gave',
    seams: {
      patch: () =>
        patch(
          Outcomes.prototype as Outcomes<unknown>,
          'settle',
          (settle) =>
            function (this: Outcomes<unknown>, id, value) {
              settle.call(
                this,
                id,
                typeof value === 'object' && value !== null && 'result' in value
                  ? { ...value, result: 'made up' }
                  : value,
              );
            },
        ),
    },
  },
  {
    name: 'unheard',
    what: 'listeners are not told of every seventh record',
    seams: {
      patch: () =>
        patch(
          Listeners.prototype,
          'announce',
          (announce) =>
            function (this: Listeners, record) {
              if (record.seq % 7 !== 0) announce.call(this, record);
            },
        ),
    },
  },
];
