import type { Connection, ConnectionDetail, SendOptions, SendReceipt } from '../client/index.ts';
import type { Content, MessageState, PendingApproval } from '../protocol/index.ts';
import type { SendingMessage } from './outbox.ts';
import type { SessionStatus } from './to-status.ts';

/** A session as a component sees it, and its commands. */
export interface SessionView extends Partial<ConnectionDetail>, SessionCommands {
  /** The session's id; undefined until it is created. */
  readonly session: string | undefined;
  readonly status: SessionStatus;
  /**
   * The messages of users and agents. A call that waits for approval is `waiting`, and goes on in its place
   * after the answer. An unchanged message or part keeps its identity, so that `React.memo` works on it.
   */
  readonly messages: readonly MessageState[];
  /** Whether there are messages before the first one. `loadEarlier` loads them. */
  readonly hasEarlier: boolean;
  readonly isLoadingEarlier: boolean;
  /** The messages sent here that `messages` does not hold yet. Show them after `messages`. */
  readonly sending: readonly SendingMessage[];
  /** The approvals that a user has to decide before the conversation goes on. */
  readonly approvals: readonly PendingApproval[];
  /** The open turn. */
  readonly turn: string | undefined;
  readonly metadata?: unknown;
  /** The connection; `idle` without a session. While it waits, `error` says why and `retryAt` until when. */
  readonly connection: Connection | 'idle';
}

/** The commands of a session. Its functions stay the same in each render, and reject with a ClientError. */
export interface SessionCommands {
  /**
   * Sends a message and resolves when the log has it. If there is no session, it creates one first. If it
   * rejects, the message is no longer shown, and the caller may send it again. With the same `key` in the
   * options, a repeat is one message.
   */
  send(content: Content, options?: SendOptions): Promise<SendReceipt>;
  /**
   * Asks the server to stop the open turn, or one that waits for approval; with a turn id, only that turn.
   */
  cancel(turn?: string): Promise<void>;
  /** Answers an approval. Rejects with `too_late` if the approval is no longer open. */
  answer(approval: string, decision: unknown): Promise<void>;
  /** Withdraws a message that waits. Rejects with `too_late` once its turn has started. */
  withdraw(message: string): Promise<void>;
  /**
   * Puts the messages before the first one in front of it: at least as many as the option `messages` says.
   * Resolves when they are there; at once if there are none. Calls at the same time are one request.
   */
  loadEarlier(): Promise<void>;
  /** Follows the session anew after following was given up (`status` is `error`). */
  reconnect(): void;
}
