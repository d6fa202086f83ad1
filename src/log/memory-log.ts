import { toEntryId, toSeq } from '../protocol/index.ts';
import { mint } from '../protocol/internal.ts';
import type { Entry, EntryId } from '../protocol/index.ts';
import { decideAppend } from './decide-append.ts';
import type { AppendDecision } from './decide-append.ts';
import { copyEvents } from './event-copies.ts';
import type { AppendOptions, AppendReceipt, EventLog, Page, AppendRefusal } from './log.ts';
import { freeze, toFrozenCopy } from './memory-copy.ts';
import type { MemoryIndex } from './memory-index.ts';
import { createTombstones, toLive } from './memory-session.ts';
import type { MemorySession, MemorySessions } from './memory-session.ts';
import type { Watchers } from './watchers.ts';

/** Creates the log over the sessions in memory. */
export function createMemoryLog(
  sessions: MemorySessions,
  index: MemoryIndex,
  watchers: Watchers,
  now: () => number,
): EventLog {
  const tombstones = createTombstones(sessions);
  return {
    async append(session, events, options = {}) {
      // Copied and checked before any change: an append with an invalid event is refused as a whole.
      const copies = copyEvents(events, () => JSON.stringify(events));
      const head = options.head && toFrozenCopy({ ...options.head.now, version: options.head.was + 1 });
      const found = sessions.get(session) ?? 'none';
      const admission = decideAppend(session, toFacts(found), options);
      if (admission !== 'write') return toRefused(found, admission, options);

      const kept = typeof found === 'object' ? found : head && createSession(head);
      if (kept === undefined) return { type: 'refused', reason: 'missing' };
      const first = kept.trimmed + kept.entries.length + 1;
      const tag = mint(6);
      const at = now();
      const entries = copies.map((event, index): Entry =>
        Object.freeze({ id: toEntryId(first + index, tag), at, event: freeze(event) }),
      );
      sessions.set(session, kept);
      for (const entry of entries) kept.entries.push(entry);
      if (head !== undefined) {
        index.move(session, typeof found === 'object' ? kept.head : undefined, head);
        kept.head = head;
      }
      const answer: AppendReceipt = { type: 'appended', entries, version: kept.head.version };
      if (options.key) kept.keys.set(options.key.id, { digest: options.key.digest, entries });
      if (options.fence && kept.lease) Object.assign(kept.lease, { n: options.fence.n, answer });
      watchers.wake(session, answer.version, entries);
      return answer;
    },

    async read(session, after, limit) {
      const kept = toLive(sessions, session);
      if (kept === undefined) return { type: 'missing' };
      const { base, trimmed, entries } = kept;
      if (after === undefined) {
        const page = toPage(kept, 0, limit);
        return base === undefined || limit === 0 ? page : { ...page, base };
      }
      const seq = toSeq(after);
      if (seq > trimmed + entries.length) return { type: 'gone', reason: 'beyond' };
      if (seq < trimmed && seq > 0) return { type: 'gone', reason: 'trimmed' };
      if (after !== idAt(kept, seq)) return { type: 'gone', reason: 'unknown' };
      return toPage(kept, seq - trimmed, limit);
    },

    watch: watchers.watch,

    async trim(session, upTo, state) {
      const base = toFrozenCopy({ ...state, last: upTo });
      const kept = toLive(sessions, session);
      const seq = toSeq(upTo);
      if (kept === undefined || (seq > 0 && seq <= kept.trimmed)) return;
      if (upTo !== idAt(kept, seq))
        throw new RangeError(`Session ${session} has no entry ${upTo} to trim to.`);
      kept.entries = kept.entries.slice(seq - kept.trimmed);
      kept.trimmed = seq;
      kept.base = base;
    },

    async drop(session) {
      const kept = toLive(sessions, session);
      if (kept === undefined) return;
      sessions.set(session, 'dropped');
      index.move(session, kept.head, undefined);
      tombstones.add(session);
      watchers.wake(session);
    },
  };
}

function createSession(head: MemorySession['head']): MemorySession {
  return {
    head,
    entries: [],
    trimmed: 0,
    base: undefined,
    keys: new Map(),
    snapshots: new Map(),
    checkpoint: undefined,
    epoch: 0,
    lease: undefined,
  };
}

function toFacts(found: MemorySession | 'dropped' | 'none'): Parameters<typeof decideAppend>[1] {
  if (typeof found === 'string') return found;
  const { head, lease, keys } = found;
  return { version: head.version, lease, digestOf: (key) => keys.get(key)?.digest };
}

function toRefused(
  found: MemorySession | 'dropped' | 'none',
  admission: Exclude<AppendDecision, 'write'>,
  { key }: AppendOptions,
): AppendReceipt | AppendRefusal {
  if (admission !== 'repeat' && admission !== 'duplicate') return { type: 'refused', reason: admission };
  const kept = typeof found === 'object' ? found : undefined;
  if (admission === 'repeat') return kept?.lease?.answer ?? { type: 'refused', reason: 'fenced' };
  const entries = key && kept?.keys.get(key.id)?.entries;
  return { type: 'refused', reason: 'duplicate', entries: entries ?? [] };
}

function toPage({ entries, head }: MemorySession, start: number, limit: number): Page {
  const page = { type: 'page', entries: entries.slice(start, start + limit), head } as const;
  return start + limit < entries.length ? page : { ...page, end: true };
}

/**
 * Returns the id at a place that is kept. The place of the last trimmed entry counts too, because a reader
 * after it misses nothing.
 */
function idAt({ entries, trimmed, base }: MemorySession, seq: number): EntryId | undefined {
  return seq === trimmed ? base?.last : entries[seq - trimmed - 1]?.id;
}
