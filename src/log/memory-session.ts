import type { Entry, SessionState } from '../protocol/index.ts';
import type { Head } from './head.ts';
import type { AppendReceipt } from './log.ts';

/** All that the memory store keeps of one session. */
export interface MemorySession {
  head: Head;
  entries: Entry[];
  /** How many entries were forgotten: the seq of the first one kept is one more. */
  trimmed: number;
  base: (SessionState & { readonly last: string }) | undefined;
  readonly keys: Map<string, { readonly digest: string; readonly entries: readonly Entry[] }>;
  readonly snapshots: Map<string, string>;
  epoch: number;
  lease: MemoryLease | undefined;
}

export interface MemoryLease {
  readonly epoch: number;
  readonly nonce: string;
  until: number;
  n: number;
  /** What the append `n` was answered. */
  answer: AppendReceipt | undefined;
}

/** The sessions by id. A dropped one leaves its name behind, so that a late append cannot bring it back. */
export type MemorySessions = Map<string, MemorySession | 'dropped'>;

/** The session where it lives. */
export function toLive(sessions: MemorySessions, session: string): MemorySession | undefined {
  const found = sessions.get(session);
  return found === 'dropped' ? undefined : found;
}
