export type { ReaderEnding } from './farewell.ts';
export { hasAll } from './has-all.ts';
export { openTogether } from './join.ts';
export type { Opener } from './join.ts';
export type { Reader } from './reader.ts';
export type { ReaderOptions } from './reader-options.ts';
export { createReaders } from './readers.ts';
export type { ReaderCounts, Readers, ReadersOptions } from './readers.ts';
export type { Sink } from './sink.ts';
