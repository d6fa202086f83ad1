export { decideAppend } from './decide-append.ts';
export type { AppendDecision, AppendDemands, AppendFacts } from './decide-append.ts';
export { storeContract } from './contract.ts';
export type { StoreCheck } from './contract-check.ts';
export { toDamage, toHead, toSnapshot, toState } from './decode.ts';
export { giveWay, nextLoopTurn } from './event-loop.ts';
export { follow } from './follow.ts';
export type { FollowOptions } from './follow.ts';
export { isBusy } from './head.ts';
export type { Head, NextHead, OpenTurn, QueuedMessage, Waiting } from './head.ts';
export { mustSync } from './must-sync.ts';
export { maxLeaseMs } from './leases.ts';
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
} from './log.ts';
export { memoryStore } from './memory.ts';
export type { MemoryStoreOptions } from './memory.ts';
export { createPump } from './pump.ts';
export type { Pump, PumpOptions } from './pump.ts';
export type { ListedSession, SessionIndex, Snapshots, Store } from './store.ts';
export { createWatchers } from './watchers.ts';
export type { Watchers } from './watchers.ts';
