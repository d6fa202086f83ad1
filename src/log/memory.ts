import type { Head } from './head.ts';
import { createMemoryLeases } from './memory-leases.ts';
import { createMemoryLog } from './memory-log.ts';
import { toLive } from './memory-session.ts';
import type { MemorySessions } from './memory-session.ts';
import { createMemorySnapshots } from './memory-snapshots.ts';
import type { ListedSession, Store } from './store.ts';
import { createWatchers } from './watchers.ts';

export interface MemoryStoreOptions {
  /** Returns the time in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** Creates a store in memory. It lives as long as its process. */
export function memoryStore({ now = Date.now }: MemoryStoreOptions = {}): Store {
  const sessions: MemorySessions = new Map();
  // The sessions that have a `dueAt`. A search for due sessions need not look at all the others.
  const agenda = new Set<string>();
  return {
    log: createMemoryLog(sessions, agenda, createWatchers(), now),
    leases: createMemoryLeases(sessions, agenda, now),
    sessions: {
      list: async (owner, options) => list(sessions, owner, options),
      due: async ({ limit, owner }) =>
        [...agenda]
          .flatMap((session) => toListed(sessions, session))
          .filter(({ head }) => toDueAt(head) <= now() && (owner === undefined || head.owner === owner))
          .toSorted((one, other) => toDueAt(one.head) - toDueAt(other.head))
          .slice(0, limit),
    },
    snapshots: createMemorySnapshots(sessions),
    close: async () => {},
  };
}

function list(
  sessions: MemorySessions,
  owner: string,
  { limit, before = Infinity }: { readonly limit: number; readonly before?: number },
): readonly ListedSession[] {
  const listed: ListedSession[] = [];
  for (const [session, kept] of sessions) {
    if (kept === 'dropped' || kept.head.owner !== owner || kept.head.kind !== 'session') continue;
    if (kept.head.activeAt < before) listed.push({ session, head: kept.head });
  }
  listed.sort((one, other) => other.head.activeAt - one.head.activeAt);
  const last = listed[limit - 1]?.head.activeAt ?? -Infinity;
  return limit === 0 ? [] : listed.filter(({ head }) => head.activeAt >= last);
}

function toListed(sessions: MemorySessions, session: string): readonly ListedSession[] {
  const kept = toLive(sessions, session);
  return kept === undefined ? [] : [{ session, head: kept.head }];
}

function toDueAt({ dueAt = Infinity }: Head): number {
  return dueAt;
}
