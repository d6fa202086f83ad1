import { emptyState, foldEntries, reachesBack } from '../protocol/index.ts';
import type { FoldedEntry, SessionState } from '../protocol/index.ts';
import { checkNumber } from '../protocol/internal.ts';
import { createObservable } from './observable.ts';
import type { ConversationView } from './conversation-view.ts';
import { createEarlier } from './earlier.ts';
import type { Connection, ConnectionDetail } from './keep-trying.ts';
import { isStreamEvent } from './event-at-id.ts';
import type { EventAtId } from './event-at-id.ts';
import type { Session } from './session.ts';
import { sleep } from './timing.ts';

export interface ConversationOptions {
  /**
   * How many of the last messages to load, at least: from 1 to 9,999, or Infinity for all. `loadEarlier`
   * loads as many again.
   * @default Infinity
   */
  readonly messages?: number;
}

/** A session as a view needs it: its state, kept up to date. */
export interface Conversation {
  readonly session: Session;
  /** Returns the latest view; the same object until something changes. */
  get(): ConversationView;
  /** Calls `listener` once for all changes of one microtask. Returns a function that unsubscribes it. */
  subscribe(listener: () => void): () => void;
  /**
   * Puts the messages before the first one of the view in front of it. Resolves when they are there; at once
   * if there are none (`state.earlier` is absent). Calls at the same time are one request, which is retried
   * as patiently as loading. Rejects with a ClientError if the server refuses it.
   */
  loadEarlier(): Promise<void>;
  /** Stops following. */
  close(): void;
}

/** The most messages that a server returns in a window. */
const mostMessages = 9_999;

/**
 * Creates a conversation: loads a session once and follows it until closed. Each event is folded into the
 * state, and unchanged parts keep their identity. Loading is retried as patiently as following. A hidden page
 * holds no connection while no turn is open and no message waits. It reconnects when it is shown, or when
 * something is sent through `session`.
 */
export function createConversation(
  session: Session,
  { messages = Infinity }: ConversationOptions = {},
): Conversation {
  checkNumber('messages', messages, { least: 1, most: mostMessages, whole: true, infinity: 'for all' });
  const closing = new AbortController();
  const { signal } = closing;
  const observed = createObservable<ConversationView>({
    state: emptyState(session.id),
    connection: 'connecting',
    via: 'sse',
    loaded: false,
  });
  /** Aborted when the state must be loaded anew. */
  let following = new AbortController();
  /** How many messages to load besides as many as there are. */
  let more = 0;
  /** How long to wait before the state is loaded again, in milliseconds. */
  let again = 0;

  void run();
  return {
    session,
    get: observed.get,
    subscribe: observed.subscribe,
    loadEarlier: createEarlier({ session, messages, signal, observed, loadAnew }),
    close() {
      closing.abort();
      following.abort();
    },
  };

  async function run(): Promise<void> {
    try {
      while ((await loadAndFollow()) === 'again') {
        // If the stream repeatedly does not know the state, the store lags behind itself.
        await sleep(again, signal, true);
        again = 1_000;
      }
      change({ connection: 'closed' });
    } catch (error) {
      change({ connection: 'closed', ...(!signal.aborted && { error: toError(error) }) });
    }
  }

  async function loadAndFollow(): Promise<'again' | 'over'> {
    const state = await session.state({
      messages: countMessages(),
      signal,
      tries: Infinity,
      // The view is live only once the session is followed.
      onConnection: (connection, detail) => {
        if (connection !== 'live') onConnection(connection, detail);
      },
    });
    more = 0;
    change({ state, loaded: true });
    following = new AbortController();
    const events = session.events({
      signal: following.signal,
      onConnection,
      isQuiet: () => isAtRest(observed.get().state),
      ...(state.last !== undefined && { after: state.last }),
    });
    for await (const batch of events.batches()) {
      if (following.signal.aborted) break;
      const next = foldBatch(observed.get().state, batch, countMessages());
      if (next === undefined) return 'again';
      again = 0;
      change({ state: next });
    }
    return following.signal.aborted && !signal.aborted ? 'again' : 'over';
  }

  /** Returns how many messages to load: a reader who paged back keeps the place. */
  function countMessages(): number {
    if (messages === Infinity) return messages;
    return Math.min(Math.max(messages, observed.get().state.messages.length + more), mostMessages);
  }

  function loadAnew(added: number): Promise<void> {
    const { state } = observed.get();
    more = added;
    following.abort();
    return observed.until((view) => view.state !== state || view.connection === 'closed');
  }

  function onConnection(connection: Connection, detail: ConnectionDetail): void {
    // The end of one stream is not the end of the conversation: the state may be loaded again.
    if (connection === 'closed') return;
    const { retryAt: _, error: __, ...view } = observed.get();
    observed.set({ ...view, connection, ...detail });
  }

  function change(part: Partial<ConversationView>): void {
    observed.set({ ...observed.get(), ...part });
  }
}

/** Returns whether nothing will come until a user acts. */
function isAtRest({ turn, messages }: SessionState): boolean {
  return turn === undefined && !messages.some((each) => each.role === 'user' && each.status === 'waiting');
}

/**
 * Returns the state after a batch. Undefined if the state must be loaded anew: the batch does not say what it
 * is, or says it with fewer than `least` messages, or changes messages before the first one.
 */
function foldBatch(
  before: SessionState,
  batch: readonly EventAtId[],
  least: number,
): SessionState | undefined {
  let state = before;
  let entries: FoldedEntry[] = [];
  for (const { id, event } of batch) {
    if (event.type === 'resync') {
      if (event.state === undefined || isCut(event.state, least)) return undefined;
      state = event.state;
      entries = [];
    } else if (id !== undefined && !isStreamEvent(event)) entries.push({ id, event });
  }
  return reachesBack(state, entries) ? undefined : foldEntries(state, entries);
}

function isCut({ earlier, messages }: SessionState, least: number): boolean {
  return earlier === true && messages.length < least;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('Following failed.', { cause: error });
}
