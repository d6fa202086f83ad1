import type { Entry, SessionState, StreamEvent } from '../protocol/index.ts';
import type { BareFrame } from './bare-frame.ts';
import type { DialectRoute } from './dialect-route.ts';
import type { Exchange } from './exchange.ts';
import type { ChangeNotice, NoticeRequest } from './webhook.ts';

/**
 * The words of one family of clients: how they ask, and a deterministic projection of entries to frames. A
 * dialect is data and pure functions. It says what a request wants and what the answer looks like, and the
 * server does it.
 *
 * From the start of a stream's turn, the same entries give the same frames. So a cut between any two frames
 * loses and repeats nothing.
 */
export interface Dialect {
  readonly name: string;
  /**
   * The routes of its clients. Without routes, clients ask for the dialect by name on Heddle's own streams
   * (`?dialect=`).
   */
  readonly routes?: readonly DialectRoute[];
  /**
   * How a stream ends if it must end during a turn. `destroy` is for dialects whose clients take a clean
   * end for success.
   */
  readonly onCut: 'destroy' | 'polite';
  /**
   * Its streams have only data and comments, for clients that read line by line: no `retry:`, and no ids but
   * those that the dialect makes.
   */
  readonly plain?: true;
  /** The headers that pages of other origins may send and read, beside those of Heddle's own clients. */
  readonly cors?: { readonly allow: readonly string[]; readonly expose: readonly string[] };
  /** Returns further headers of the response that streams an exchange. */
  headers?(exchange: Exchange): Readonly<Record<string, string>>;
  /**
   * Returns the request that tells a webhook how its exchange has changed; undefined if its clients need no
   * such notice. It is pure. Without this function the dialect has no webhooks.
   */
  notify?(notice: ChangeNotice): NoticeRequest | undefined;
  /**
   * Opens a projection for one stream. `state` replaces the entries before the first one that will be
   * projected.
   */
  open(context: { readonly scope: Scope; readonly state?: SessionState }): Projection;
}

/**
 * `session`: the whole session, without an end. The frames of an entry are the same for every start of the
 * projection, so readers may begin anywhere and share one projection. `turn`: a one-shot stream, which ends
 * with the first turn. An exchange: a stream that ends with the exchange's turn. Its projection sees every
 * entry after `from`, those of other exchanges too.
 */
export type Scope = 'session' | 'turn' | Exchange;

/** The projection of one stream, or of a channel. */
export interface Projection {
  project(entry: Entry): readonly BareFrame[];
  /** Returns the frames of an event about the stream itself. They carry no id. */
  announce(event: StreamEvent): readonly BareFrame[];
  /** Whether a stream of a turn or an exchange has sent its last frame. */
  readonly over: boolean;
}
