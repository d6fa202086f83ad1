export { follow } from './follow.ts';
export type { FollowOptions } from './follow.ts';
export type { Head, NextHead, OpenTurn, QueuedMessage } from './head.ts';
export type { Fence, Leases } from './leases.ts';
export type { AppendOptions, Appended, EventLog, Gone, Missing, Page, Refused, Stop } from './log.ts';
export type { ListedSession, SessionIndex, Store } from './store.ts';
