import type { Authenticate, Principal } from '../server/index.ts';
import { readBearer } from './read-bearer.ts';

export interface ApiKeysOptions {
  /** Owners who may list the sessions at work, and stop them. @default [] */
  readonly admins?: readonly string[];
}

/**
 * Authenticates callers by a key in `Authorization: Bearer` or `X-Api-Key`. `keys` maps each owner to the
 * SHA-256 of the key in hexadecimal. An owner may have several, so that a new key can be issued before the
 * old one is removed. Use only keys from a random generator: a digest does not protect a word that can be
 * guessed. Throws a TypeError if a digest is invalid or appears twice.
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
    // The loop compares all digests, so that its time reveals nothing about any of them.
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

/** Compares texts of one length in constant time. */
function isSame(one: string, other: string): boolean {
  let difference = 0;
  for (let at = 0; at < one.length; at += 1) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
