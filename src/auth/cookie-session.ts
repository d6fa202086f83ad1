import type { Authenticate, Principal } from '../server/index.ts';
import { readCookie } from '../server/internal.ts';

export interface CookieSessionOptions {
  /** The cookie's name. With the prefix `__Host-` a neighbouring subdomain cannot set it. */
  readonly name: string;
  /** Returns the login of a cookie's value; undefined if there is none. */
  readonly find: (value: string) => Principal | string | undefined | Promise<Principal | string | undefined>;
}

/**
 * Authenticates callers by the cookie of your own login. A browser sends the cookie whichever page caused the
 * request. So a request that acts must name its page (`Origin` or `Sec-Fetch-Site`). It is refused if the
 * browser is too old to send either. If two cookies have the name, neither counts, because one of
 * them may have been planted.
 */
export function cookieSession({ name, find }: CookieSessionOptions): Authenticate {
  return async (request) => {
    const value = readCookie(request.header('cookie'), name);
    const shown = value === undefined ? undefined : await find(value);
    if (shown == null) return undefined;
    return { ...(typeof shown === 'string' ? { owner: shown } : shown), ambient: true };
  };
}
