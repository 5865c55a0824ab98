/** Bugs of stores: what they keep, when they say so, and for whom. */
import type { PlantedBug } from './planted-bug.ts';

export const storageBugs: readonly PlantedBug[] = [
  { name: 'ack-before-sync', what: 'the store acknowledges before it syncs', seams: { disk: { skipsSync: true } } },
  {
    name: 'no-expected-check',
    what: 'the store appends wherever its caller thinks that the log ends',
    seams: { disk: { skipsExpected: true, skipsEpoch: true } },
  },
  {
    name: 'no-epoch-check',
    what: 'the store takes records of a hub that was taken over from',
    seams: { disk: { skipsEpoch: true } },
  },
  { name: 'torn-batch', what: 'the store reads what is left of a torn write', seams: { disk: { readsTorn: true } } },
  {
    name: 'hidden-errors',
    what: 'the store says that all is well when the disk fails',
    seams: { disk: { hidesErrors: true } },
  },
  {
    name: 'dropped-tail',
    what: 'the store leaves out the last record when it is opened',
    seams: { disk: { dropsTail: true } },
  },
  {
    name: 'every-tenth-lost',
    what: 'the store forgets to pass on every tenth append, and says that it did',
    seams: {
      store(store) {
        let appends = 0;
        return {
          ...store,
          append: (expectedSeq, records) => (++appends % 10 === 0 ? undefined : store.append(expectedSeq, records)),
        };
      },
    },
  },
  {
    name: 'row-forgotten',
    what: 'a checkpoint lacks one of the rows that have changed, so that it stays as it was',
    seams: {
      store(store) {
        const { checkpoints } = store;
        if (checkpoints === undefined) return store;
        const written = new Set<string>();
        return {
          ...store,
          checkpoints: {
            load: checkpoints.load,
            save(seq, changes) {
              const forgotten = [...changes.keys()].find((key) => key !== 'hub' && written.has(key));
              for (const key of changes.keys()) written.add(key);
              return checkpoints.save(seq, new Map([...changes].filter(([key]) => key !== forgotten)));
            },
          },
        };
      },
    },
  },
  {
    name: 'read-backwards',
    what: 'the store reads the last two records in the wrong order',
    seams: {
      store: (store) => ({
        ...store,
        read(fromSeq) {
          const records = [...(store.read(fromSeq) as Iterable<never>)];
          return records.length < 2 ? records : [...records.slice(0, -2), ...records.slice(-2).reverse()];
        },
      }),
    },
  },
];
