import { memoryStore, type Store } from '../../src/actors/store.ts';
import type { HubRecord } from '../../src/machines/messages.ts';

/** A memory store that holds this log already, as a file would after a restart. */
export function storeWith(records: readonly HubRecord[]): Store {
  const store = memoryStore();
  store.append(0, records);
  return store;
}

/** A store that fails at the nth append (from 1) and at every later one, by throwing or by rejecting. */
export function failingStore(nth: number, how: 'throws' | 'rejects') {
  const kept = memoryStore();
  let appends = 0;
  let closes = 0;
  const store: Store = {
    append(expectedSeq, records) {
      if (++appends < nth) return kept.append(expectedSeq, records);
      const error = new Error('no space left on device');
      if (how === 'throws') throw error;
      return Promise.reject(error);
    },
    read: kept.read,
    close() {
      closes++;
    },
  };
  return { store, appends: () => appends, closes: () => closes };
}

/** A store whose appends wait until the test lets them through. */
export function heldStore() {
  const kept = memoryStore();
  const waiting: (() => void)[] = [];
  let isHeld = false;
  const store: Store = {
    append(expectedSeq, records) {
      if (!isHeld) return kept.append(expectedSeq, records);
      return new Promise((resolve) => {
        waiting.push(() => {
          kept.append(expectedSeq, records);
          resolve();
        });
      });
    },
    read: kept.read,
    close: kept.close,
  };
  return {
    store,
    hold() {
      isHeld = true;
    },
    letThrough() {
      isHeld = false;
      for (const append of waiting.splice(0)) append();
    },
  };
}
