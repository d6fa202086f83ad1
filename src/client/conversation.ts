import { emptyState, fold } from '../protocol/index.ts';
import type { SessionState } from '../protocol/index.ts';
import { callHandler } from './call-handler.ts';
import type { Connection, ConnectionDetail } from './keep-trying.ts';
import { isStreamEvent } from './event-at-id.ts';
import type { EventAtId } from './event-at-id.ts';
import type { Session } from './session.ts';
import { sleep } from './timing.ts';

/** A session as a view needs it: its state, kept up to date. */
export interface Conversation {
  readonly session: Session;
  /** Returns the latest view; the same object until something changes. */
  get(): ConversationView;
  /** Calls `listener` once for all changes of one microtask. Returns a function that unsubscribes it. */
  subscribe(listener: () => void): () => void;
  /** Stops following. */
  close(): void;
}

export interface ConversationView extends ConnectionDetail {
  readonly state: SessionState;
  readonly connection: Connection;
  /** Whether the state has been read from the server. */
  readonly loaded: boolean;
}

/**
 * Creates a conversation: loads a session once and follows it until closed. Each event is folded into the
 * state, and unchanged parts keep their identity. Loading is retried as patiently as following. A hidden page
 * holds no connection while no turn is open and no message waits. It reconnects when it is shown, or when
 * something is sent through `session`.
 */
export function createConversation(session: Session): Conversation {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<() => void>();
  let view: ConversationView = {
    state: emptyState(session.id),
    connection: 'connecting',
    via: 'sse',
    loaded: false,
  };
  let isDue = false;
  /** How long to wait before the state is loaded again, in milliseconds. */
  let again = 0;

  void run();
  return {
    session,
    get: () => view,
    subscribe(listener) {
      // The same function given twice is two subscriptions, and each is removed on its own.
      const own = (): void => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    close: () => controller.abort(),
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
      signal,
      tries: Infinity,
      // The view is live only once the session is followed.
      onConnection: (connection, detail) => {
        if (connection !== 'live') onConnection(connection, detail);
      },
    });
    change({ state, loaded: true });
    const after = state.last;
    const isQuiet = (): boolean => isAtRest(view.state);
    const events = session.events({ signal, onConnection, isQuiet, ...(after !== undefined && { after }) });
    for await (const batch of events.batches()) {
      let state: SessionState | undefined = view.state;
      for (const received of batch) {
        state = toState(state, received);
        if (state === undefined) return 'again';
      }
      again = 0;
      change({ state });
    }
    return 'over';
  }

  function onConnection(connection: Connection, detail: ConnectionDetail): void {
    // The end of one stream is not the end of the conversation: the state may be loaded again.
    if (connection === 'closed') return;
    const { state, loaded } = view;
    view = { state, loaded, connection, ...detail };
    change({});
  }

  function change(part: Partial<ConversationView>): void {
    view = { ...view, ...part };
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      for (const listener of listeners) callHandler(listener);
    });
  }
}

/** Returns whether nothing will come until a user acts. */
function isAtRest({ turn, messages }: SessionState): boolean {
  return turn === undefined && !messages.some((each) => each.role === 'user' && each.status === 'waiting');
}

/** Returns the state after an event, or undefined if the event does not say what it is. */
function toState(state: SessionState, { id, event }: EventAtId): SessionState | undefined {
  if (event.type === 'resync') return event.state;
  if (id === undefined || isStreamEvent(event)) return state;
  return event.type === 'unknown' ? { ...state, last: id } : fold(state, { id, event });
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('Following failed.', { cause: error });
}
