import type { DialectRequest } from '../dialect-route.ts';
import type { Intent } from '../intent.ts';
import { readLastId } from '../read-last-id.ts';
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

/** Reads a request. Throws an A2aProblem. */
export type A2aRead = (request: A2aRequest) => Intent;

/** Returns a request of a binding in the form that all bindings share. */
export function toA2aRequest(request: DialectRequest, peer: A2aPeer, params: A2aFacts): A2aRequest {
  const after = readLastId(request);
  return {
    peer,
    params,
    ...(after !== undefined && { after }),
    ...(request.webhooks && { pushes: true }),
  };
}
