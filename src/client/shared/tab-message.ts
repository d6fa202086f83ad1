import { isRecord } from '../../protocol/internal.ts';
import { ClientError } from '../client-error.ts';
import type { Connection } from '../keep-trying.ts';
import type { EventAtId } from '../event-at-id.ts';
import type { Via } from '../reconnection.ts';

/** One item of the shared connection, for one session. */
export interface Item {
  readonly session: string;
  readonly id?: string;
  readonly event?: EventAtId['event'];
  /** Why this session cannot be followed. */
  readonly problem?: TabFailure;
}

/** An error in a form that can be sent to another tab. */
export interface TabFailure {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
}

/**
 * The state of the shared connection. Clocks of tabs differ, so it holds the length of a wait, not its end.
 */
export interface ConnectionReport {
  readonly connection: Connection;
  readonly via: Via;
  /** How long the connection has shown no sign of life. A throttled tab may not notice that itself. */
  readonly silentMs: number;
  readonly waitMs?: number;
  readonly error?: TabFailure;
}

/** The last id of each session, or null if there is none. */
export type Places = Readonly<Record<string, string | null>>;

/** The messages between tabs. The leader is the tab that holds the connection. */
export type TabMessage =
  /** A tab now leads: all tabs send their `wants`. */
  | { readonly type: 'leading' }
  /** All sessions that a tab follows, and its last id in each. Idle: hidden, and nothing is awaited. */
  | { readonly type: 'wants'; readonly tab: string; readonly places: Places; readonly isIdle: boolean }
  /** Asks whether there is a leader. */
  | { readonly type: 'ping'; readonly tab: string }
  /** The leader's reply to a ping: its position in each session. */
  | { readonly type: 'at'; readonly places: Places; readonly fare: ConnectionReport }
  | { readonly type: 'fare'; readonly fare: ConnectionReport }
  | { readonly type: 'items'; readonly items: readonly Item[] }
  /** The connection failed for good. This message stays in the tab that held the connection. */
  | { readonly type: 'failed'; readonly error: TabFailure }
  /** The user logged out: nothing is read any more. */
  | { readonly type: 'logout' };

const types: ReadonlySet<unknown> = new Set<TabMessage['type']>([
  'leading',
  'wants',
  'ping',
  'at',
  'fare',
  'items',
  'logout',
]);

/**
 * Returns whether a value is a message. Only this version and origin use the channel, so its type is enough.
 */
export function isMessage(value: unknown): value is TabMessage {
  return isRecord(value) && types.has(value['type']);
}

/** Returns the part of an error that can be sent to another tab. */
export function toTabFailure({ code, message, status }: ClientError): TabFailure {
  return { code, message, ...(status !== undefined && { status }) };
}

/** Returns the error that another tab sent. */
export function fromFailure({ code, message, status }: TabFailure): ClientError {
  return new ClientError(code, message, status === undefined ? {} : { status });
}
