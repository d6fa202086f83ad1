import { toBase64Url } from './base64url.ts';

/** Returns the digest of a text: SHA-256 as base64url, 43 characters. */
export async function digest(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return toBase64Url(hash);
}

/**
 * Derives a session id from the idempotency key of a caller. So a repeated request finds the same session, on
 * any node.
 */
export async function deriveSession(kind: string, owner: string, key: string): Promise<string> {
  return (await digest(JSON.stringify([kind, owner, key]))).slice(0, 22);
}
