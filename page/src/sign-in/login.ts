/** The login of this tab. */
export interface Login {
  /**
   * An API key or a token. Undefined when the user did not sign in here; a cookie may still authenticate
   * them.
   */
  readonly key: string | undefined;
  /** The name that tabs with the same key share. Undefined without a key or a secure connection. */
  readonly name: string | undefined;
}

export const nobody: Login = { key: undefined, name: undefined };

/**
 * Creates the login of a key. Its name is a digest, because every script of the origin can see the names of
 * locks and channels.
 */
export async function toLogin(key: string): Promise<Login> {
  try {
    // It differs from the digest in a server's file of keys.
    const bytes = new TextEncoder().encode(`heddle page ${key}`);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return { key, name: btoa(String.fromCharCode(...digest)) };
  } catch {
    // Over plain http browsers have neither digests nor the locks that sharing needs.
    return { key, name: undefined };
  }
}

/** Returns the headers that authenticate a login. */
export function toHeaders({ key }: Pick<Login, 'key'>): Readonly<Record<string, string>> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

/** Reads a key from typed or pasted text; undefined when the text cannot be one (RFC 6750). */
export function toKey(text: string): string | undefined {
  return /^[\x21-\x7e]{1,8192}$/.exec(text.trim())?.[0];
}
