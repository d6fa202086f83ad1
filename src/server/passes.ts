import { isRecord } from '../protocol/internal.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import type { Store } from '../log/index.ts';
import type { Guard } from './guard.ts';

export interface PassRoutesOptions {
  readonly store: Store;
  readonly passes: Passes;
  readonly guard: Pick<Guard, 'isOwn' | 'isFrom'>;
}

/** The content of a ticket or a link. It is signed, but not secret: it contains ids, and no person's name. */
export interface Pass {
  readonly id: string;
  /** When the pass expires, in milliseconds since 1970. */
  readonly until: number;
  /** When the principal that requested the pass expires, in milliseconds since 1970. */
  readonly expiresAt?: number;
  /** The credential of that principal. */
  readonly credential?: string;
  /** Whether the page that the pass is for came over https. */
  readonly secure?: true;
  /** The origin of that page, if it is not this server's own. */
  readonly page?: string;
}

/** Writes passes that any node with the same secrets can verify, without a lookup. */
export interface Passes {
  /** Signs a pass. `about` names what the pass is valid for. The reader must give the same `about`. */
  write(about: readonly string[], pass: Pass): Promise<string>;
  /**
   * Verifies a pass and returns it; undefined if it was not signed for the same `about`. Does not check its
   * expiry.
   */
  read(about: readonly string[], text: string): Promise<Pass | undefined>;
}

/**
 * Creates passes. The first secret signs (HMAC with SHA-256), and all secrets verify. To rotate, put a new
 * secret first, and remove the old one when its passes have expired. Without secrets, passes are valid in
 * this process only. Throws a TypeError if a secret has fewer than 32 characters.
 */
export function createPasses(secrets: readonly string[] = [randomSecret()]): Passes {
  if (secrets.length === 0 || secrets.some((secret) => secret.length < 32))
    throw new TypeError(
      'secrets: there must be one, and each needs 32 characters or more, from a random generator',
    );
  const keys = secrets.map(toKey);
  return {
    async write(about, pass) {
      const body = toBase64Url(new TextEncoder().encode(JSON.stringify(pass)));
      const [key] = await Promise.all(keys);
      const mark = key && (await crypto.subtle.sign('HMAC', key, toSigned(about, body)));
      return `${body}.${toBase64Url(new Uint8Array(mark ?? new ArrayBuffer()))}`;
    },
    async read(about, text) {
      const [, body, mark] = /^([\w-]{1,2000})\.([\w-]{43})$/.exec(text) ?? [];
      if (body === undefined || mark === undefined) return undefined;
      for (const key of keys) {
        // The Web Crypto standard requires constant time.
        if (await crypto.subtle.verify('HMAC', await key, fromBase64Url(mark), toSigned(about, body)))
          return toPass(JSON.parse(new TextDecoder().decode(fromBase64Url(body))));
      }
      return undefined;
    },
  };
}

function randomSecret(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

function toKey(secret: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, [
    'sign',
    'verify',
  ]);
}

/** JSON keeps adjacent texts apart. */
function toSigned(about: readonly string[], body: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify([...about, body]));
}

function toPass(value: unknown): Pass | undefined {
  if (!isRecord(value)) return undefined;
  const { id, until, expiresAt, credential, secure, page } = value;
  if (typeof id !== 'string' || typeof until !== 'number') return undefined;
  return {
    id,
    until,
    ...(typeof expiresAt === 'number' && { expiresAt }),
    ...(typeof credential === 'string' && { credential }),
    ...(secure === true && { secure }),
    ...(typeof page === 'string' && { page }),
  };
}
