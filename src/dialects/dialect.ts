import type { Entry, SessionState, StreamEvent } from '../protocol/index.ts';

/**
 * A deterministic projection of entries to frames for one family of clients: the same entries from the start of a stream's
 * turn give the same frames, so a cut between any two of them loses and repeats nothing.
 */
export interface Dialect {
  readonly name: string;
  /** What a stream does when it must end in mid-turn: `destroy` where clients of this dialect take a clean end for success. */
  readonly onCut: 'destroy' | 'polite';
  /** `state`: what stands for the entries before the first one that will be projected. */
  open(context: { readonly scope: Scope; readonly state?: SessionState }): Projection;
}

/**
 * `session`: all of a session, for ever; the frames of an entry are the same whichever entry the projection began at, so readers may begin anywhere and share
 * one. `turn`: a one-shot stream, which ends with the first turn.
 */
export type Scope = 'session' | 'turn';

/** One stream's projection. */
export interface Projection {
  project(entry: Entry): readonly BareFrame[];
  /** An event about the stream itself; these carry no id. */
  announce(event: StreamEvent): readonly BareFrame[];
  /** Whether a one-shot stream has said its last frame. */
  readonly over: boolean;
}

/** A frame without its id. */
export interface BareFrame {
  readonly event?: string;
  readonly data: string;
}
