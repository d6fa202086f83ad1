import type { Authenticate, Principal } from '../server/index.ts';
import { readBearer } from './read-bearer.ts';

export interface ApiKeysOptions {
  /** Owners who may see who is at work, and stop them. @default [] */
  readonly admins?: readonly string[];
}

/**
 * Knows callers by a key in `Authorization: Bearer` or `X-Api-Key`. `keys` has, for each owner, the SHA-256 of their key in hexadecimal, or of several:
 * so that a new one can be handed out before the old one goes. Only for keys from a random generator: a digest does not protect a word that can be guessed.
 * Throws a TypeError where a digest is not one, or stands there twice.
 */
export function apiKeys(
  keys: Readonly<Record<string, string | readonly string[]>>,
  { admins = [] }: ApiKeysOptions = {},
): Authenticate {
  const known = Object.entries(keys).flatMap(([owner, digests]) =>
    [digests].flat().map((digest) => toKnown(owner, digest, admins.includes(owner))),
  );
  if (new Set(known.map(({ digest }) => digest)).size < known.length)
    throw new TypeError('apiKeys: a key is given to two owners, or twice');

  return async (request) => {
    const key = readBearer(request) ?? request.header('x-api-key');
    if (key === undefined) return undefined;
    const digest = toHex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
    let found: Principal | undefined;
    // All of them, whichever it is: how long it takes says nothing about any.
    for (const each of known) if (isSame(each.digest, digest)) found = each.principal;
    return found;
  };
}

interface Known {
  readonly digest: string;
  readonly principal: Principal;
}

function toKnown(owner: string, text: string, admin: boolean): Known {
  const digest = text.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digest)) {
    throw new TypeError(`apiKeys: what stands for "${owner}" is not a SHA-256 in hexadecimal`);
  }
  if (owner === '') throw new TypeError('apiKeys: an owner needs a name');
  return { digest, principal: { owner, credential: `key-${digest.slice(0, 12)}`, ...(admin && { admin }) } };
}

/** Compares texts of one length in a time that does not tell where they differ. */
function isSame(one: string, other: string): boolean {
  let difference = 0;
  for (let at = 0; at < one.length; at += 1) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
