import { isRecord } from '../../protocol/internal.ts';
import { ClientError } from '../client-error.ts';
import type { Connection } from '../keep-trying.ts';
import type { EventAtId } from '../event-at-id.ts';
import type { Via } from '../reconnection.ts';

/** What came on the shared connection, for one session. */
export interface Item {
  readonly session: string;
  readonly id?: string;
  readonly event?: EventAtId['event'];
  /** Why there is nothing of this session. */
  readonly problem?: TabFailure;
}

/** An error as another tab can be told of it. */
export interface TabFailure {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
}

/** How the shared connection fares. Times of one tab say nothing in another: it is told how long the wait is. */
export interface ConnectionReport {
  readonly connection: Connection;
  readonly via: Via;
  /** For how long it has shown no sign of life; a tab that is slowed down may not notice itself. */
  readonly silentMs: number;
  readonly waitMs?: number;
  readonly error?: TabFailure;
}

/** The last id of each session, or null where there is none. */
export type Places = Readonly<Record<string, string | null>>;

/** What tabs tell each other. The leader is the one that holds the connection. */
export type TabMessage =
  /** A tab leads from now on: all say what they want. */
  | { readonly type: 'leading' }
  /** All that a tab wants, and what it has of it; idle where nobody sees it and nothing is awaited. */
  | { readonly type: 'wants'; readonly tab: string; readonly places: Places; readonly isIdle: boolean }
  /** Is anybody leading? */
  | { readonly type: 'ping'; readonly tab: string }
  /** Yes, and this far. */
  | { readonly type: 'at'; readonly places: Places; readonly fare: ConnectionReport }
  | { readonly type: 'fare'; readonly fare: ConnectionReport }
  | { readonly type: 'items'; readonly items: readonly Item[] }
  /** The connection failed for good; told to nobody but the tab that held it. */
  | { readonly type: 'failed'; readonly error: TabFailure }
  /** The person logged out: nothing is read any more. */
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

/** Whether a value is a message. The channel is this version's and this origin's own: its type tells it. */
export function isMessage(value: unknown): value is TabMessage {
  return isRecord(value) && types.has(value['type']);
}

/** Takes of an error what another tab can be told. */
export function toTabFailure({ code, message, status }: ClientError): TabFailure {
  return { code, message, ...(status !== undefined && { status }) };
}

/** Makes an error of what another tab told. */
export function fromFailure({ code, message, status }: TabFailure): ClientError {
  return new ClientError(code, message, status === undefined ? {} : { status });
}
