import type { Head, Page } from '../log/index.ts';
import { toSeq } from '../protocol/index.ts';
import type { Entry } from '../protocol/index.ts';

/**
 * The newest entries of the sessions that are watched in this process. A follower at the end of its log reads
 * them without a call to the worker.
 */
export interface RecentEntries {
  /** Adds the entries of an append, which must be durable by then, and the head if the append replaced it. */
  add(session: string, entries: readonly Entry[], version: number, head: Head | undefined): void;
  /** Remembers a head that was read. */
  learn(session: string, head: Head): void;
  /** Returns the entries after an id; undefined if only the database can know. */
  after(session: string, id: string, limit: number): Page | undefined;
  forget(session: string): void;
}

interface RecentOfSession {
  /** Consecutive entries, without a gap. */
  readonly entries: Entry[];
  version: number;
  head: Head | undefined;
}

/**
 * How many entries are kept per session. They suffice for a follower that keeps up, and cost little compared
 * with its connection. A follower that is further behind reads the database.
 */
const length = 16;

/** Creates the recent entries. Keeps only those of sessions for which `isWatched` returns true. */
export function createRecentEntries(isWatched: (session: string) => boolean): RecentEntries {
  const sessions = new Map<string, RecentOfSession>();

  const recentOf = (session: string): RecentOfSession => {
    const found = sessions.get(session);
    if (found !== undefined) return found;
    const recent: RecentOfSession = { entries: [], version: 0, head: undefined };
    sessions.set(session, recent);
    return recent;
  };

  const setHead = (recent: RecentOfSession, version: number, head: Head | undefined): void => {
    if (version < recent.version) return;
    recent.version = version;
    recent.head = head ?? (recent.head?.version === version ? recent.head : undefined);
  };

  return {
    add(session, entries, version, head) {
      if (!isWatched(session)) return;
      const recent = recentOf(session);
      setHead(recent, version, head);
      const last = recent.entries.at(-1);
      const [first] = entries;
      if (first === undefined) return;
      // Another process wrote in between.
      if (last !== undefined && toSeq(first.id) !== toSeq(last.id) + 1) recent.entries.length = 0;
      recent.entries.push(...entries.slice(-length));
      if (recent.entries.length > length) recent.entries.splice(0, recent.entries.length - length);
    },

    learn(session, head) {
      if (isWatched(session)) setHead(recentOf(session), head.version, head);
    },

    after(session, id, limit) {
      const recent = sessions.get(session);
      if (recent?.head === undefined) return undefined;
      const { entries, head } = recent;
      const start = entries.findLastIndex((entry) => entry.id === id) + 1;
      if (start === 0 || start === entries.length) return undefined;
      const found = entries.slice(start, start + limit);
      const page = { type: 'page', entries: found, head } as const;
      return start + found.length < entries.length ? page : { ...page, end: true };
    },

    forget: (session) => void sessions.delete(session),
  };
}
