import type { Authenticate, Principal } from '../server/index.ts';

export interface CookieSessionOptions {
  /** The cookie's name. With the prefix `__Host-` a neighbouring subdomain cannot plant one. */
  readonly name: string;
  /** Whose login a cookie's value stands for; undefined where it stands for none. */
  readonly find: (value: string) => Principal | string | undefined | Promise<Principal | string | undefined>;
}

/**
 * Knows callers by the cookie of a login that is yours. The browser sends it whoever made it ask, so what acts must say which page it comes from (`Origin` or
 * `Sec-Fetch-Site`): where a browser too old for both sends neither, it is refused.
 */
export function cookieSession({ name, find }: CookieSessionOptions): Authenticate {
  return async (request) => {
    const value = readCookie(request.header('cookie') ?? '', name);
    const shown = value === undefined ? undefined : await find(value);
    if (shown == null) return undefined;
    return { ...(typeof shown === 'string' ? { owner: shown } : shown), ambient: true };
  };
}

/** A cookie's value; undefined where there is none, and where there are two: one of them was planted, and nothing tells which. */
function readCookie(header: string, name: string): string | undefined {
  const values = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0] || undefined : undefined;
}
