/** Who this tab is signed in as. */
export interface Login {
  /** An API key or a token; undefined where nobody signed in here, though a cookie may still tell who it is. */
  readonly key: string | undefined;
  /** Names the holder among tabs; undefined where there is no key, or the page did not come over a secure connection. */
  readonly name: string | undefined;
}

export const nobody: Login = { key: undefined, name: undefined };

/** Makes a login of a key. What it is named by is a digest: names of locks and channels are for every script of the origin to see. */
export async function toLogin(key: string): Promise<Login> {
  try {
    // Not the digest that stands in a server's file of keys.
    const bytes = new TextEncoder().encode(`heddle page ${key}`);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return { key, name: btoa(String.fromCharCode(...digest)) };
  } catch {
    // On plain http browsers have no digests, nor the locks that sharing needs.
    return { key, name: undefined };
  }
}

/** The headers by which a server knows the holder of a key. */
export function toHeaders({ key }: Pick<Login, 'key'>): Readonly<Record<string, string>> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

/** Takes a key out of what was typed or pasted; undefined where it cannot be one (RFC 6750). */
export function toKey(text: string): string | undefined {
  return /^[\x21-\x7e]{1,8192}$/.exec(text.trim())?.[0];
}
