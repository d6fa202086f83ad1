import type { A2aFacts } from './a2a-objects.ts';
import type { A2aPeer } from './peer.ts';

/** A request in the form that it has over every binding. */
export interface A2aRequest {
  readonly peer: A2aPeer;
  readonly params: A2aFacts;
  /** The id of the last frame that the client has of the stream. */
  readonly after?: string;
  /** Present if the server sends push notifications. */
  readonly pushes?: true;
}
