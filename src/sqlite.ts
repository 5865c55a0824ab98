/** xstate-hub/sqlite: a store for `createHub({ store })` that lasts. Needs the package `libsql`. */

export { BrokenChain } from './actors/hash-chain.ts';
export type { SqliteStoreOptions } from './actors/sqlite-options.ts';
export { type SqliteStore, sqliteStore } from './actors/sqlite-store.ts';
