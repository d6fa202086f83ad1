import type { RefusalError } from '../protocol/index.ts';
import type { Reply, WholeReply } from './reply.ts';
import type { ServerRequest } from './server-request.ts';
import type { Principal } from './principal.ts';

/** One route of the server. The table of routes is data, so that a test can walk it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** A path of literal and named segments: `/stream/:session`. */
  readonly path: string;
  /** Whether the route acts. Pages of other sites may not call it then. */
  readonly acts: boolean;
  /** Whether the route needs no auth. */
  readonly open?: true;
  /** Whether the route answers while the server shuts down, and after that. */
  readonly whileClosing?: true;
  /** Whether the route is for admins only. For other callers it does not exist. */
  readonly admin?: true;
  /** Returns whether the route exists for the caller of a request. @default it exists for all */
  readonly isFor?: (request: ServerRequest) => Promise<boolean>;
  /** Whether the route returns a stream, which counts until it ends. */
  readonly streams?: true;
  /** The passes in the query that the route accepts instead of auth. */
  readonly takes?: readonly ('ticket' | 'link')[];
  handle(request: ServerRequest, call: RouteCall): Promise<Reply> | Reply;
  /** Returns a refusal in other words than problem details. */
  refuse?(refusal: RefusalError): WholeReply;
}

/** The facts about a request that the server knows before it calls the route. */
export interface RouteCall {
  /** The caller's name. */
  readonly owner: string;
  readonly principal: Principal;
  /** The session in the path, or '' if there is none. It is well-formed, but was not looked up. */
  readonly session: string;
  /** The named segments of the path, as they were sent. */
  readonly params: Readonly<Record<string, string>>;
  /**
   * Takes from the caller's account, for the session in the path or the given one. Throws `too_many`.
   */
  spend(of: 'sessions' | 'messages', session?: string): Promise<void>;
  /** Notes which session the request is about, for its record, if the path does not name it. */
  note(session: string): void;
}
