import { ClientError, createConversation } from '../client/index.ts';
import type { Conversation, ConversationView, SendOptions, SendReceipt, Session } from '../client/index.ts';
import { emptyState } from '../protocol/index.ts';
import type { Content } from '../protocol/index.ts';
import { createJoin } from './join-calls.ts';
import { onNextFrame } from './next-frame.ts';
import { createOutbox } from './outbox.ts';
import { openSource, toCount } from './session-source.ts';
import type { SessionSource, UseSessionOptions } from './session-source.ts';
import type { SessionCommands, SessionView } from './session-view.ts';
import { toStatus } from './to-status.ts';

/** A session in the form that `useSyncExternalStore` takes. */
export interface SessionStore {
  /** Returns the view that was last reported. */
  get(): SessionView;
  /** Follows the session while there is a listener. It reports server changes once an animation frame. */
  subscribe(listener: () => void): () => void;
  /** Sets newer options. Headers and metadata are read from them when they are needed. */
  configure(options: UseSessionOptions): void;
  /** Returns whether another source leads to the same session. */
  isAt(source: SessionSource): boolean;
}

/** A store that all components may share which follow the same session with the same options. */
export interface ShareableStore extends SessionStore {
  /** Returns whether the store follows that session with those options. */
  isFor(source: SessionSource, options: UseSessionOptions): boolean;
}

/**
 * Creates a store. It sends no request before there is a listener or a command. `onLive` is called with true
 * when a listener is added, and with false when none is left.
 */
export function createSessionStore(
  source: SessionSource,
  initial: UseSessionOptions,
  onLive: (isLive: boolean) => void = () => {},
): ShareableStore {
  let options = initial;
  const target = openSource(source, () => options);
  const listeners = new Set<() => void>();
  let conversation: Conversation | undefined;
  let followed = toUnread(target.id());
  let unsubscribe: (() => void) | undefined;
  let stopWaiting: (() => void) | undefined;

  const join = createJoin();
  const outbox = createOutbox(post, () => followed?.state, publish);
  const commands: SessionCommands = {
    send: outbox.send,
    cancel: async (turn = followed?.state.turn ?? followed?.state.approvals[0]?.turn) =>
      target.get()?.cancel(turn),
    answer: async (approval, decision) => mustGet().answer(approval, decision),
    withdraw: async (message) => mustGet().withdraw(message),
    loadEarlier: async () => conversation?.loadEarlier(),
    reconnect() {
      unfollow();
      follow();
      publish();
    },
  };
  let view = toView();

  return {
    get: () => view,
    subscribe(listener) {
      listeners.add(listener);
      follow();
      onLive(true);
      return () => {
        listeners.delete(listener);
        // In strict mode React unsubscribes and subscribes again at once: keep the connection then.
        queueMicrotask(() => {
          if (listeners.size > 0) return;
          unfollow();
          onLive(false);
        });
      };
    },
    configure(newer) {
      options = newer;
    },
    isAt: target.isAt,
    isFor: target.isSame,
  };

  async function post(content: Content, sending?: SendOptions): Promise<SendReceipt> {
    const session = target.get();
    if (session !== undefined) return session.send(content, sending);
    const sent = await target.begin(content, sending);
    follow();
    return sent;
  }

  function mustGet(): Session {
    const session = target.get();
    if (session === undefined) throw new ClientError('not_found', 'There is no session yet.');
    return session;
  }

  function follow(): void {
    const session = target.get();
    if (session === undefined || conversation !== undefined || listeners.size === 0) return;
    conversation = createConversation(session, { messages: toCount(initial) });
    unsubscribe = conversation.subscribe(() => {
      stopWaiting ??= onNextFrame(publish);
    });
  }

  function unfollow(): void {
    stopWaiting?.();
    stopWaiting = undefined;
    unsubscribe?.();
    conversation?.close();
    conversation = undefined;
  }

  function publish(): void {
    stopWaiting?.();
    stopWaiting = undefined;
    view = toView();
    for (const listener of listeners) listener();
  }

  function toView(): SessionView {
    followed = keepState(followed, conversation?.get() ?? followed);
    const { state, loaded: _, loadingEarlier, ...connection } = followed ?? unborn;
    outbox.prune(state);
    const { messages, approvals, turn, metadata } = state;
    const sending = outbox.get();
    return {
      ...commands,
      ...connection,
      session: target.id(),
      status: toStatus(followed, sending.length > 0),
      messages: join(messages),
      sending,
      approvals,
      turn,
      metadata,
      hasEarlier: state.earlier === true,
      isLoadingEarlier: loadingEarlier === true,
    };
  }
}

const unborn: Omit<ConversationView, 'connection' | 'via'> & { readonly connection: 'idle' } = {
  state: emptyState(''),
  connection: 'idle',
  loaded: false,
};

function toUnread(session: string | undefined): ConversationView | undefined {
  if (session === undefined) return undefined;
  return { state: emptyState(session), connection: 'connecting', via: 'sse', loaded: false };
}

/** Keeps the state that was read before until it is read anew. */
function keepState(
  before: ConversationView | undefined,
  now: ConversationView | undefined,
): ConversationView | undefined {
  if (!before?.loaded || now === undefined || now.loaded) return now;
  return { ...now, state: before.state, loaded: true };
}
