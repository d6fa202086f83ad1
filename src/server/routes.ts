import type { Reply } from './reply.ts';
import type { ServerRequest } from './server-request.ts';
import type { Principal } from './principal.ts';

/** One route of the server. The table of them is data, so that a test can walk it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** A path; `:session` stands for one segment. */
  readonly path: string;
  /** Whether it does something: then pages of other sites may not ask for it. */
  readonly acts: boolean;
  /** Whether a caller must be known. */
  readonly open?: true;
  /** Whether it is for those only who run the server; for others it is not there. */
  readonly admin?: true;
  /** Whether it answers with a stream, which counts until it ends. */
  readonly streams?: true;
  /** What may stand for a caller in its query. */
  readonly takes?: readonly ('ticket' | 'link')[];
  handle(request: ServerRequest, call: RouteCall): Promise<Reply> | Reply;
}

/** What the server found out about a request before its route sees it. */
export interface RouteCall {
  /** The caller's name. */
  readonly owner: string;
  readonly principal: Principal;
  /** The path's session, or '' where it has none; well-formed, but not looked up. */
  readonly session: string;
  /** Takes from the caller's account; throws `too_many`. */
  spend(of: 'sessions' | 'messages'): Promise<void>;
}
