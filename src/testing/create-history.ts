import type { EventAtId } from '../client/index.ts';
import type { Entry, EntryId } from '../protocol/index.ts';
import type { HistoryConnection, Fate, FinalLog, History, Post, HistoryReader } from './history.ts';

/** Records a history while it happens. */
export interface HistoryRecorder {
  /** Records a try to send a message. It counts as lost until `settle` sets its fate. */
  post(post: Omit<Post, 'fate'>): { settle(fate: Fate): void };
  /** Records entries that a store acknowledged. */
  acknowledge(session: string, entries: readonly Pick<Entry, 'id'>[]): void;
  reader(reader: Omit<HistoryReader, 'stayed' | 'connections'>): ReaderRecorder;
  /** Records the final content of a log. */
  log(log: FinalLog): void;
  /** Returns the history so far. */
  toHistory(): History;
}

/** Records what one reader receives. */
export interface ReaderRecorder {
  /** Starts a connection. */
  connect(): ConnectionRecorder;
  /** Marks that the reader has left: it need not receive later entries. */
  leave(): void;
  /** The id to resume after: that of the last received entry, or the one in the state of the last resync. */
  readonly last: EntryId | undefined;
}

export interface ConnectionRecorder {
  receive(received: EventAtId): void;
}

/** Creates an empty history. */
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
