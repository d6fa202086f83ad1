import type { Entry, SessionState, StreamEvent } from '../protocol/index.ts';

/**
 * A deterministic projection of entries to frames for one family of clients. From the start of a stream's
 * turn, the same entries give the same frames. So a cut between any two frames loses and repeats nothing.
 */
export interface Dialect {
  readonly name: string;
  /**
   * How a stream ends if it must end during a turn. `destroy` is for dialects whose clients take a clean
   * end for success.
   */
  readonly onCut: 'destroy' | 'polite';
  /**
   * Opens a projection for one stream. `state` replaces the entries before the first one that will be
   * projected.
   */
  open(context: { readonly scope: Scope; readonly state?: SessionState }): Projection;
}

/**
 * `session`: the whole session, without an end. The frames of an entry are the same for every start of the
 * projection, so readers may begin anywhere and share one projection. `turn`: a one-shot stream, which ends
 * with the first turn.
 */
export type Scope = 'session' | 'turn';

/** The projection of one stream, or of a channel. */
export interface Projection {
  project(entry: Entry): readonly BareFrame[];
  /** Returns the frames of an event about the stream itself. They carry no id. */
  announce(event: StreamEvent): readonly BareFrame[];
  /** Whether a one-shot stream has sent its last frame. */
  readonly over: boolean;
}

/** A frame without its id. */
export interface BareFrame {
  readonly event?: string;
  readonly data: string;
}
