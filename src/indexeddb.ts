/** xstate-hub/indexeddb: a durable log in a browser. */

export {
  type IndexedDbStore,
  type IndexedDbStoreOptions,
  indexedDbStore,
  removeIndexedDbLog,
} from './actors/indexeddb-store.ts';
