import type { Entry, SessionState } from '../protocol/index.ts';
import type { Head } from './head.ts';
import type { AppendReceipt } from './log.ts';

/** All data of one session in the memory store. */
export interface MemorySession {
  head: Head;
  entries: Entry[];
  /** How many entries were trimmed. The first kept entry has the next seq. */
  trimmed: number;
  base: (SessionState & { readonly last: string }) | undefined;
  readonly keys: Map<string, { readonly digest: string; readonly entries: readonly Entry[] }>;
  readonly snapshots: Map<string, string>;
  checkpoint: MemoryCheckpoint | undefined;
  epoch: number;
  lease: MemoryLease | undefined;
}

interface MemoryCheckpoint {
  readonly tag: string;
  readonly record: string;
  readonly pages: readonly string[];
}

export interface MemoryLease {
  readonly epoch: number;
  readonly nonce: string;
  until: number;
  n: number;
  /** The receipt of append `n`. */
  answer: AppendReceipt | undefined;
}

/** The sessions by id. A dropped session leaves its id behind, so a late append cannot create it again. */
export type MemorySessions = Map<string, MemorySession | 'dropped'>;

/** Returns the session, or undefined if it does not exist or was dropped. */
export function toLive(sessions: MemorySessions, session: string): MemorySession | undefined {
  const found = sessions.get(session);
  return found === 'dropped' ? undefined : found;
}

/** How many tombstones are kept. An append that comes after so many later drops is not expected. */
const mostTombstones = 100_000;

/** Bounds the tombstones: of the dropped sessions, only the ids of the last ones are kept. */
export function createTombstones(
  sessions: MemorySessions,
  most: number = mostTombstones,
): { add(session: string): void } {
  const dropped = new Set<string>();
  return {
    add(session) {
      dropped.add(session);
      const oldest = dropped.size > most ? dropped.values().next().value : undefined;
      if (oldest === undefined) return;
      dropped.delete(oldest);
      sessions.delete(oldest);
    },
  };
}
