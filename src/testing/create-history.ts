import type { EventAtId } from '../client/index.ts';
import type { Entry, EntryId } from '../protocol/index.ts';
import type { HistoryConnection, Fate, FinalLog, History, Post, HistoryReader } from './history.ts';

/** Writes a history down while it happens. */
export interface HistoryRecorder {
  /** Notes a try to send a message; it counts as lost until its fate is told. */
  post(post: Omit<Post, 'fate'>): { settle(fate: Fate): void };
  /** Notes what a store said it had taken. */
  acknowledge(session: string, entries: readonly Pick<Entry, 'id'>[]): void;
  reader(reader: Omit<HistoryReader, 'stayed' | 'connections'>): ReaderRecorder;
  /** Notes what a log holds in the end. */
  log(log: FinalLog): void;
  /** The history so far. */
  toHistory(): History;
}

/** Notes what one reader sees. */
export interface ReaderRecorder {
  /** Begins a connection. */
  connect(): ConnectionRecorder;
  /** The reader goes away: it need not see what comes later. */
  leave(): void;
  /** The id to resume after: of the last entry received, or that a resync gave. */
  readonly last: EntryId | undefined;
}

export interface ConnectionRecorder {
  receive(received: EventAtId): void;
}

/** Begins an empty history. */
export function createHistory(): HistoryRecorder {
  const posts: { readonly post: Omit<Post, 'fate'>; fate: Fate }[] = [];
  const acknowledged: { readonly session: string; readonly id: EntryId }[] = [];
  const readers: (() => HistoryReader)[] = [];
  const logs: FinalLog[] = [];

  return {
    post: (post) => {
      const noted: (typeof posts)[number] = { post, fate: { type: 'lost' } };
      posts.push(noted);
      return { settle: (fate) => void (noted.fate = fate) };
    },
    acknowledge: (session, entries) => {
      for (const { id } of entries) acknowledged.push({ session, id });
    },
    reader: (reader) => {
      const { recorder, toReader } = recordReader(reader);
      readers.push(toReader);
      return recorder;
    },
    log: (log) => void logs.push(log),
    toHistory: () => ({
      posts: posts.map(({ post, fate }) => ({ ...post, fate })),
      acknowledged: [...acknowledged],
      readers: readers.map((toReader) => toReader()),
      logs: [...logs],
    }),
  };
}

function recordReader(reader: Omit<HistoryReader, 'stayed' | 'connections'>): {
  readonly recorder: ReaderRecorder;
  readonly toReader: () => HistoryReader;
} {
  const connections: (HistoryConnection & { readonly received: EventAtId[] })[] = [];
  let stayed = true;
  let last = reader.after;
  const recorder: ReaderRecorder = {
    connect: () => {
      const received: EventAtId[] = [];
      connections.push({ connection: `${reader.reader}/${connections.length + 1}`, received });
      return {
        receive: (one) => {
          received.push(one);
          if (one.event.type === 'resync') last = one.event.state ? one.event.state.last : last;
          else last = one.id ?? last;
        },
      };
    },
    leave: () => {
      stayed = false;
    },
    get last() {
      return last;
    },
  };
  const toReader = (): HistoryReader => ({
    ...reader,
    stayed,
    connections: connections.map(({ connection, received }) => ({ connection, received: [...received] })),
  });
  return { recorder, toReader };
}
