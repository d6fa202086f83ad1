import { isSessionState } from '../protocol/index.ts';
import { isRecord } from '../protocol/internal.ts';
import type { Content, SessionState } from '../protocol/index.ts';
import { call } from './call.ts';
import { ClientError } from './client-error.ts';
import { createKey } from './create-key.ts';
import { followStream } from './follow-stream.ts';
import type { Resting } from './keep-trying.ts';
import type { EventAtId } from './event-at-id.ts';
import type { Sharing } from './share-tabs.ts';
import type { Events } from './to-events.ts';
import type { Transport } from './transport.ts';
import type { CallOptions } from './call.ts';
import type { EventsOptions } from './follow-stream.ts';

/** The handle of one conversation with an agent. All methods reject with a ClientError. */
export interface Session {
  readonly id: string;
  /** The client that created this handle: one object for all sessions of one caller. */
  readonly client: object;
  /**
   * Sends a message and returns its receipt. The request carries an idempotency key. If the network or the
   * server fails, it is retried with the same key, so the message is sent once.
   */
  send(content: Content, options?: SendOptions): Promise<SendReceipt>;
  /** Asks the server to stop the running turn. With a turn id, it stops only that turn. */
  cancel(turn?: string): Promise<void>;
  /** Withdraws a message that waits. Rejects with `too_late` once its turn has started. */
  withdraw(message: string): Promise<void>;
  /** Answers an approval. Rejects with `too_late` if the approval is no longer open. */
  answer(approval: string, decision: unknown): Promise<void>;
  /**
   * Returns the current state of the session. With `messages` it has only the last ones, and `earlier` if there
   * are others before them. Rejects with status 400 if no message in force has the name `before`.
   */
  state(options?: StateOptions): Promise<SessionState>;
  /** Ends the session and deletes it for all users. */
  drop(): Promise<void>;
  /**
   * Follows the session: first the entries that exist, then new ones. It reconnects by itself and continues
   * after the last id. It ends when the signal is aborted or the loop is left. Throws a ClientError if the
   * session does not exist or is not the caller's.
   */
  events(options?: EventsOptions): Events<EventAtId>;
}

export interface SendOptions extends CallOptions {
  /** The sender's name, for sessions with several people. */
  readonly author?: string;
  /**
   * The server's choice while a turn runs: it queues the message, rejects it, or interrupts the turn.
   * `supersede` interrupts the turn only if it answers the message `seen`, and closes open approvals.
   * Otherwise it queues the message.
   * @default 'queue'
   */
  readonly onBusy?: 'queue' | 'reject' | 'interrupt' | 'supersede';
  /** For `supersede`: the message whose answer the sender has seen begin. */
  readonly seen?: string;
  /** The message that this one replaces. Everything after that message is then no longer in force. */
  readonly replaces?: string;
  /**
   * The idempotency key: the same key and content are one message.
   * @default a new random one
   */
  readonly key?: string;
}

export interface StateOptions extends CallOptions {
  /**
   * How many of the last messages to return, at least: from 1 to 9,999, or Infinity for all.
   * @default Infinity
   */
  readonly messages?: number;
  /** Returns the messages before this one of a user instead of the last ones. Needs `messages`. */
  readonly before?: string;
}

/** The receipt of a sent message: its id, the turn that answers it, and the id of its entry. */
export interface SendReceipt {
  readonly message: string;
  readonly turn: string;
  readonly id: string;
}

/**
 * Creates the handle of a session; sends no request. `sharing` is the connection that all tabs share, if any.
 */
export function createSession(
  client: object,
  transport: Transport,
  id: string,
  sharing: Sharing | undefined,
): Session {
  const to = (verb: string): string => `/${verb}/${encodeURIComponent(id)}`;
  const sends = new Set<() => void>();
  const post = async <T extends object>(
    verb: string,
    body: object,
    decode: (value: unknown) => T | undefined,
    { key = createKey(), ...options }: CallOptions & { readonly key?: string } = {},
  ): Promise<T> => {
    const tell = (): void => sends.forEach((listener) => listener());
    tell();
    try {
      const ask = { method: 'POST', path: to(verb), body: JSON.stringify(body), key } as const;
      return await call(transport, ask, decode, options);
    } finally {
      tell();
    }
  };
  const command = async (verb: string, body: object): Promise<void> => {
    await post(verb, body, () => ({}));
  };

  return {
    id,
    client,
    send: (content, { author, onBusy, replaces, seen, ...options } = {}) =>
      post('message', { content, author, on_busy: onBusy, replaces, seen }, toSent, options),
    cancel: (turn) => command('cancel', { turn_id: turn }),
    withdraw: (message) => command('withdraw', { message_id: message }),
    answer: (approval, decision) => command('answer', { approval_id: approval, decision }),
    state: ({ messages, before, ...options } = {}) =>
      call(
        transport,
        { method: 'GET', path: to('session') + toQuery({ messages, before }) },
        (value) => (isSessionState(value) ? value : undefined),
        options,
      ),
    async drop() {
      try {
        await call(transport, { method: 'DELETE', path: to('session') }, () => ({}));
      } catch (error) {
        // A session that is gone counts as dropped: a retry after a lost response finds it gone.
        if (!(error instanceof ClientError && error.status === 404)) throw error;
      }
    },
    events: ({ isQuiet, ...options } = {}) => {
      const resting: Resting | undefined = isQuiet && {
        isQuiet,
        onSend: (listener) => {
          sends.add(listener);
          return () => sends.delete(listener);
        },
      };
      const following = { ...options, resting };
      const alone = (after = options.after): Events<EventAtId> =>
        followStream(
          transport,
          { method: 'GET', path: `${to('stream')}?dialect=typed` },
          { ...following, after, once: false, session: id },
        );
      return sharing ? sharing.follow(id, following, alone) : alone();
    },
  };
}

/** Returns the query of a URL with the values that limit something. */
export function toQuery(values: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== Infinity) query.set(name, `${value}`);
  const text = query.toString();
  return text && `?${text}`;
}

/** Returns the receipt that a response holds, or undefined if it holds none. */
export function toSent(value: unknown): SendReceipt | undefined {
  if (!isRecord(value)) return undefined;
  const { message_id: message, turn_id: turn, id } = value;
  if (typeof message !== 'string' || typeof turn !== 'string' || typeof id !== 'string') return undefined;
  return { message, turn, id };
}
