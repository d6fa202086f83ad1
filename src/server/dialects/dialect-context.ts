import type { Dialect } from '../../dialects/index.ts';
import type { Store } from '../../log/index.ts';
import type { Transcripts } from '../../transcripts/index.ts';
import type { Engine } from '../../turns/index.ts';
import type { Principal } from '../principal.ts';
import type { RouteCall } from '../routes.ts';
import type { ServerRequest } from '../server-request.ts';
import type { Streams } from '../streams.ts';
import type { Outboxes } from '../webhooks/outboxes.ts';

/** The parts of the server that the routes of all dialects share. */
export interface DialectServices {
  readonly store: Store;
  readonly engine: Engine;
  readonly streams: Streams;
  readonly transcripts: Transcripts;
  /** Aborted when the server shuts down. */
  readonly closing: AbortSignal;
  /** Absent if the server has no webhooks. */
  readonly outboxes?: Outboxes | undefined;
  /** Refuses a principal that has expired or was revoked while a reply waited. */
  readonly checkValid: (principal: Principal) => Promise<void>;
  /** Reports an error that no reply can tell. */
  readonly tell: (error: unknown) => void;
}

/** One request of a dialect, and the means to perform it. */
export interface DialectContext extends DialectServices {
  readonly dialect: Dialect;
  readonly request: ServerRequest;
  readonly call: RouteCall;
}
