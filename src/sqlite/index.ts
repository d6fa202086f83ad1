export { sqliteStore } from './sqlite.ts';
export type { SqliteStoreOptions } from './sqlite.ts';
