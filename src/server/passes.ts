import { isRecord } from '../protocol/internal.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import type { Store } from '../log/index.ts';
import type { Guard } from './guard.ts';

export interface PassRoutesOptions {
  readonly store: Store;
  readonly passes: Passes;
  readonly isOwn: Guard['isOwn'];
}

/** What a ticket or a link says. It is signed, and not secret: names stand in it, and no person's. */
export interface Pass {
  readonly id: string;
  /** When it is no longer good, in milliseconds since 1970. */
  readonly until: number;
  /** When the principal who asked for it is no longer good. */
  readonly expiresAt?: number;
  /** What that principal had shown. */
  readonly credential?: string;
  /** The page it is for came over https. */
  readonly secure?: true;
}

/** Writes passes that any node with the same secrets can read, from the pass alone. */
export interface Passes {
  /** Signs a pass; `about` is what it is good for, and must be said again to read it. */
  write(about: readonly string[], pass: Pass): Promise<string>;
  /** A pass that was signed for the same; undefined where it was not. Its time is not looked at. */
  read(about: readonly string[], text: string): Promise<Pass | undefined>;
}

/**
 * Creates passes. The first secret signs (HMAC with SHA-256), and what any of them signed is good: so a new one is put first, and the old one taken away
 * when its passes are over. Without secrets what is signed is good for this process. Throws a TypeError for secrets shorter than 32 characters.
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
        // In constant time, as the standard has it.
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

/** JSON keeps apart what stands side by side. */
function toSigned(about: readonly string[], body: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify([...about, body]));
}

function toPass(value: unknown): Pass | undefined {
  if (!isRecord(value)) return undefined;
  const { id, until, expiresAt, credential, secure } = value;
  if (typeof id !== 'string' || typeof until !== 'number') return undefined;
  return {
    id,
    until,
    ...(typeof expiresAt === 'number' && { expiresAt }),
    ...(typeof credential === 'string' && { credential }),
    ...(secure === true && { secure }),
  };
}
