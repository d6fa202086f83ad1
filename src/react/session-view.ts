import type { Connection, ConnectionDetail, SendOptions, SendReceipt } from '../client/index.ts';
import type { Content, MessageState, PendingApproval } from '../protocol/index.ts';
import type { SendingMessage } from './outbox.ts';
import type { SessionStatus } from './to-status.ts';

/** A session as a component sees it, and what can be done in it. */
export interface SessionView extends Partial<ConnectionDetail>, SessionCommands {
  /** Its id; undefined until it is created. */
  readonly session: string | undefined;
  readonly status: SessionStatus;
  /**
   * What people sent and agents answered. A call that waits for approval is `waiting`, and goes on in its place after the answer. A message
   * or part that did not change keeps its identity, so that `React.memo` works on it.
   */
  readonly messages: readonly MessageState[];
  /** What was sent here and does not stand among the messages yet, to be shown after them. */
  readonly sending: readonly SendingMessage[];
  /** What somebody has to decide before the conversation goes on. */
  readonly approvals: readonly PendingApproval[];
  /** The turn that is open. */
  readonly turn: string | undefined;
  readonly metadata?: unknown;
  /** How it is followed; `idle` where there is no session yet. While it waits, `error` says why and `retryAt` until when. */
  readonly connection: Connection | 'idle';
}

/** What can be done in a session. The functions stay the same from render to render, and reject with a ClientError. */
export interface SessionCommands {
  /**
   * Sends a message and resolves when the log has it; where there is no session, creates it first. Where it rejects the text is the
   * caller's again; with `key` in its options, a repeat is one message.
   */
  send(content: Content, options?: SendOptions): Promise<SendReceipt>;
  /** Asks to stop what is seen to run, or to wait for approval; with a turn, only that one. */
  cancel(turn?: string): Promise<void>;
  /** Answers an approval; rejects with `too_late` where it is not open any more. */
  answer(approval: string, decision: unknown): Promise<void>;
  /** Takes back a message that waits; rejects with `too_late` once its turn has started. */
  withdraw(message: string): Promise<void>;
  /** Follows anew, where following was given up: `status` is `error`. */
  reconnect(): void;
}
