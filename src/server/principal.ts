import type { ServerRequest } from './server-request.ts';

/** Who came in, and the headers that go with the answer. */
export interface Identity {
  readonly principal: Principal;
  /** Whose account it goes to. @default the owner's */
  readonly payer?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Who asks, as far as the request has shown it. */
export interface Principal {
  /** Whose sessions these are: not empty, and the same for the same person for ever. */
  readonly owner: string;
  /** Names what was shown (a login, a token, a key) for `isRevoked`: its name, and never the secret itself. */
  readonly credential?: string;
  /** When it is no longer good, in milliseconds since 1970: its streams end then, too. @default never */
  readonly expiresAt?: number;
  /** May see who is at work here, and stop them. Reads nobody's sessions. @default false */
  readonly admin?: boolean;
  /** The browser sends it by itself, as it does cookies: a request that acts must then say which page it comes from. @default false */
  readonly ambient?: boolean;
}

/** Finds out who asks: a principal or just its owner's name; undefined for nobody known (401). */
export type Authenticate = (request: ServerRequest) => AuthResult | Promise<AuthResult>;

type AuthResult = Principal | string | undefined;
