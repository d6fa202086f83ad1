import type { RefusalCode } from '../protocol/index.ts';

/** A whole body in the words of a dialect. */
export interface DialectReply {
  /** @default 200, or the status of the refusal */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * A text is sent as it is, as `text/plain` unless `headers` say otherwise. Any other value is sent as JSON.
   */
  readonly body?: unknown;
}

/** Why a request is refused. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly status: number;
  /** A sentence for the caller. */
  readonly message: string;
  /** The body could not be read as JSON. */
  readonly unreadable?: true;
}
