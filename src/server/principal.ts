import type { ServerRequest } from './server-request.ts';

/** The identified caller of a request, and headers for the response. */
export interface Identity {
  readonly principal: Principal;
  /** The owner that the request is charged to. @default the owner of the principal */
  readonly payer?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The caller, as far as the request has shown it. */
export interface Principal {
  /** The owner of the sessions: not empty, and always the same for the same person. */
  readonly owner: string;
  /** The name of the credential (a login, a token, a key), for `isRevoked`. Never the secret itself. */
  readonly credential?: string;
  /**
   * When the credential expires, in milliseconds since 1970. The streams of the principal end then, too.
   * @default never
   */
  readonly expiresAt?: number;
  /**
   * Whether the caller may list the sessions at work, and stop them. It does not allow reading other owners'
   * sessions.
   * @default false
   */
  readonly admin?: boolean;
  /**
   * Whether the browser sends the credential by itself, as with cookies. A request that acts must then name
   * the page it comes from.
   * @default false
   */
  readonly ambient?: boolean;
}

/**
 * Authenticates a request. Returns a principal, or only the owner's name, or undefined if it knows no caller
 * (401).
 */
export type Authenticate = (request: ServerRequest) => AuthResult | Promise<AuthResult>;

type AuthResult = Principal | string | undefined;
