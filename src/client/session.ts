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

/** One conversation with an agent, as a client handles it. All methods reject with a ClientError. */
export interface Session {
  readonly id: string;
  /** The client it was made by: one object for all sessions of one caller. */
  readonly client: object;
  /**
   * Sends a message and tells where it stands. It carries an idempotency key and is tried again with that key where the
   * network or the server fails, so that it is sent once however often it is tried.
   */
  send(content: Content, options?: SendOptions): Promise<SendReceipt>;
  /** Asks to stop the running turn; with a turn, only that one. */
  cancel(turn?: string): Promise<void>;
  /** Takes back a message that waits; rejects with `too_late` once its turn has started. */
  withdraw(message: string): Promise<void>;
  /** Answers an approval; rejects with `too_late` where it is not open any more. */
  answer(approval: string, decision: unknown): Promise<void>;
  /** Reads the session as it looks now. */
  state(options?: CallOptions): Promise<SessionState>;
  /** Ends the session and forgets it, for everybody. */
  drop(): Promise<void>;
  /**
   * Follows the session: first what is there, then what comes. It reconnects and goes on after the last id by itself, and ends
   * when the signal is aborted or the loop is left. Throws a ClientError where the session is gone or not the caller's.
   */
  events(options?: EventsOptions): Events<EventAtId>;
}

export interface SendOptions extends CallOptions {
  /** Who sends it, for sessions of several people. */
  readonly author?: string;
  /**
   * What happens while a turn runs: the message waits, is refused, or stops the turn.
   * @default 'queue'
   */
  readonly onBusy?: 'queue' | 'reject' | 'interrupt';
  /** The message this one takes the place of: what followed that one is then no longer in force. */
  readonly replaces?: string;
  /**
   * The idempotency key: the same key and content are one message.
   * @default a new random one
   */
  readonly key?: string;
}

/** Where a sent message stands: its name, the turn that answers it, and the id of its entry. */
export interface SendReceipt {
  readonly message: string;
  readonly turn: string;
  readonly id: string;
}

/** Makes the handle of a session; asks the server nothing. `sharing` is the connection of all tabs, where they share one. */
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
    send: (content, { author, onBusy, replaces, ...options } = {}) =>
      post('message', { content, author, on_busy: onBusy, replaces }, toSent, options),
    cancel: (turn) => command('cancel', { turn_id: turn }),
    withdraw: (message) => command('withdraw', { message_id: message }),
    answer: (approval, decision) => command('answer', { approval_id: approval, decision }),
    state: (options) =>
      call(
        transport,
        { method: 'GET', path: to('session') },
        (value) => (isSessionState(value) ? value : undefined),
        options,
      ),
    async drop() {
      try {
        await call(transport, { method: 'DELETE', path: to('session') }, () => ({}));
      } catch (error) {
        // Gone is what was asked for; a repeat after a lost answer finds it so.
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

/** Reads where a message stands out of an answer. */
export function toSent(value: unknown): SendReceipt | undefined {
  if (!isRecord(value)) return undefined;
  const { message_id: message, turn_id: turn, id } = value;
  if (typeof message !== 'string' || typeof turn !== 'string' || typeof id !== 'string') return undefined;
  return { message, turn, id };
}
