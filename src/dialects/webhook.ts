import type { AgentMessage, SessionState } from '../protocol/index.ts';

/** A URL that the server posts to when an exchange changes its state, as its client registers it. */
export interface Webhook {
  /**
   * 1 to 200 characters. Another one of the same id and exchange replaces it. @default the exchange's message
   */
  readonly id?: string;
  /** At most 2,048 characters. */
  readonly url: string;
  /** A secret that the dialect sends back with each notice: printable ASCII, at most 4,096 characters. */
  readonly token?: string;
  /** Credentials for the URL: printable ASCII, at most 4,096 characters. */
  readonly authentication?: { readonly scheme: string; readonly credentials?: string };
  /** A choice of the client that changes the notices, at most 64 characters. */
  readonly variant?: string;
}

/** A webhook as the server keeps it. */
export type KeptWebhook = Webhook & { readonly id: string };

/**
 * How an exchange has changed: it waits for approvals, or is over. A message that was withdrawn or taken
 * back, and approvals that closed without an answer, are `cancelled`.
 */
export type ExchangeChange = 'input_required' | 'completed' | 'failed' | 'cancelled';

/** One change of an exchange, for one webhook. */
export interface ChangeNotice {
  readonly session: string;
  /** The client's own name of the session, if it gave one. */
  readonly thread?: string;
  readonly message: string;
  readonly change: ExchangeChange;
  /** The agent's part of the conversation that ended with this change. Absent if no turn began. */
  readonly answer?: AgentMessage;
  /** When the change was noticed, in milliseconds since 1970. A repeated notice may have a later time. */
  readonly at: number;
  /**
   * The conversation up to this change. It may begin in the middle (`earlier`), but not after the message of
   * the exchange.
   */
  readonly state: SessionState;
  readonly webhook: KeptWebhook;
}

/** The request that tells a webhook of a change. The server adds `content-type` and its signature. */
export interface NoticeRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, at most 1 MiB. */
  readonly body: unknown;
}
