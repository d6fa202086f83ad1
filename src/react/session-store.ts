import { ClientError, createConversation } from '../client/index.ts';
import type { Conversation, ConversationView, SendOptions, SendReceipt, Session } from '../client/index.ts';
import { emptyState } from '../protocol/index.ts';
import type { Content } from '../protocol/index.ts';
import { createJoin } from './join-calls.ts';
import { onNextFrame } from './next-frame.ts';
import { createOutbox } from './outbox.ts';
import { openSource } from './session-source.ts';
import type { SessionSource, UseSessionOptions } from './session-source.ts';
import type { SessionCommands, SessionView } from './session-view.ts';
import { toStatus } from './to-status.ts';

/** A session as `useSyncExternalStore` takes it. */
export interface SessionStore {
  /** The view that was last told of. */
  get(): SessionView;
  /** Follows the session while there is a listener. What the server says is told once an animation frame. */
  subscribe(listener: () => void): () => void;
  /** Takes newer options: headers and metadata are looked up when they are needed. */
  configure(options: UseSessionOptions): void;
  /** Whether another source leads to the same session. */
  isAt(source: SessionSource): boolean;
}

/** A store that whatever follows the same session in the same way may share. */
export interface ShareableStore extends SessionStore {
  /** Whether it follows that session in that way. */
  isFor(source: SessionSource, options: UseSessionOptions): boolean;
}

/**
 * Makes a store; asks and opens nothing before there is a listener or a command. `onLive` is called when it gets a listener after it had
 * none, and with false when it has none any more.
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
        // In strict mode React unsubscribes and subscribes again at once, and one following is enough.
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
    conversation = createConversation(session);
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
    const { state = unborn, loaded: _, ...connection } = followed ?? { connection: 'idle', loaded: false };
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
    };
  }
}

const unborn = emptyState('');

function toUnread(session: string | undefined): ConversationView | undefined {
  if (session === undefined) return undefined;
  return { state: emptyState(session), connection: 'connecting', via: 'sse', loaded: false };
}

/** What was read before stands until it is read anew. */
function keepState(
  before: ConversationView | undefined,
  now: ConversationView | undefined,
): ConversationView | undefined {
  if (!before?.loaded || now === undefined || now.loaded) return now;
  return { ...now, state: before.state, loaded: true };
}
