export { follow } from './follow.ts';
export type { FollowOptions } from './follow.ts';
export type { Head, NextHead, OpenTurn, OutboxLink, OutboxPost, QueuedMessage, Waiting } from './head.ts';
export type { Fence, Leases } from './leases.ts';
export type {
  AppendOptions,
  AppendReceipt,
  EventLog,
  Gone,
  Missing,
  Page,
  AppendRefusal,
  Stop,
  Wake,
} from './log.ts';
export { memoryStore } from './memory.ts';
export type { MemoryStoreOptions } from './memory.ts';
export type {
  Checkpoints,
  ListedSession,
  ListPlace,
  LoadedCheckpoint,
  NextCheckpoint,
  SessionIndex,
  Snapshots,
  Store,
} from './store.ts';
