import type { Head, Page } from '../log/index.ts';
import { toSeq } from '../protocol/index.ts';
import type { Entry } from '../protocol/index.ts';

/**
 * The newest entries of the sessions that are watched in this process. A follower at the end of its log reads
 * them without a call to the worker.
 */
export interface Tails {
  /** Adds the entries of an append, which must be durable by then, and the head if the append replaced it. */
  add(session: string, entries: readonly Entry[], version: number, head: Head | undefined): void;
  /** Remembers a head that was read. */
  learn(session: string, head: Head): void;
  /** Returns the entries after an id; undefined if only the database can know. */
  after(session: string, id: string, limit: number): Page | undefined;
  forget(session: string): void;
}

interface Tail {
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
export function createTails(isWatched: (session: string) => boolean): Tails {
  const tails = new Map<string, Tail>();

  const toTail = (session: string): Tail => {
    const found = tails.get(session);
    if (found !== undefined) return found;
    const tail: Tail = { entries: [], version: 0, head: undefined };
    tails.set(session, tail);
    return tail;
  };

  const setHead = (tail: Tail, version: number, head: Head | undefined): void => {
    if (version < tail.version) return;
    tail.version = version;
    tail.head = head ?? (tail.head?.version === version ? tail.head : undefined);
  };

  return {
    add(session, entries, version, head) {
      if (!isWatched(session)) return;
      const tail = toTail(session);
      setHead(tail, version, head);
      const last = tail.entries.at(-1);
      const [first] = entries;
      if (first === undefined) return;
      // Another process wrote in between.
      if (last !== undefined && toSeq(first.id) !== toSeq(last.id) + 1) tail.entries.length = 0;
      tail.entries.push(...entries.slice(-length));
      if (tail.entries.length > length) tail.entries.splice(0, tail.entries.length - length);
    },

    learn(session, head) {
      if (isWatched(session)) setHead(toTail(session), head.version, head);
    },

    after(session, id, limit) {
      const tail = tails.get(session);
      if (tail?.head === undefined) return undefined;
      const { entries, head } = tail;
      const start = entries.findLastIndex((entry) => entry.id === id) + 1;
      if (start === 0 || start === entries.length) return undefined;
      const found = entries.slice(start, start + limit);
      const page = { type: 'page', entries: found, head } as const;
      return start + found.length < entries.length ? page : { ...page, end: true };
    },

    forget: (session) => void tails.delete(session),
  };
}
