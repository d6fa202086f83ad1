import type * as Jose from 'jose';
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
// Imported by its public name: the command bundles this door, and RefusalError must exist once.
import { RefusalError } from 'heddle';
import type { Authenticate } from '../server/index.ts';
import type { PublicKey } from './public-key.ts';
import { readBearer } from './read-bearer.ts';

/** The claims of a token (RFC 7519). */
export type Claims = Readonly<Record<string, unknown>>;

export interface BearerJwtOptions {
  /** The issuer of the token: its `iss`. */
  readonly issuer: string;
  /** The audience of the token: its `aud`. */
  readonly audience: string;
  /** The issuer's public keys (RFC 7517): their URL, or the keys themselves. */
  readonly jwks?: string | { readonly keys: readonly PublicKey[] };
  /** A secret shared with the issuer, of 32 bytes or more. It replaces `jwks`. */
  readonly secret?: string;
  /** The accepted signature algorithms. @default all with public keys for `jwks`; HS256 for `secret` */
  readonly algorithms?: readonly string[];
  /** Returns the owner of the sessions; undefined refuses the token. @default its `sub` */
  readonly toOwner?: (claims: Claims) => string | undefined;
  /** Returns whether the caller may list the sessions at work, and stop them. @default no caller may */
  readonly isAdmin?: (claims: Claims) => boolean;
}

const publicKeyAlgorithms = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/**
 * Authenticates callers by a JWT in `Authorization: Bearer`. Checks its signature, issuer, audience and
 * expiry, which is required. Streams end when the token expires. Its `jti` is the credential for `isRevoked`.
 * Needs the package jose. Rejects with a TypeError if the options leave a token unchecked. Requests get 503
 * while the keys cannot be fetched.
 */
export async function bearerJwt(options: BearerJwtOptions): Promise<Authenticate> {
  const { issuer, audience, toOwner = ({ sub }) => toName(sub), isAdmin = () => false } = options;
  const algorithms = toAlgorithms(options);
  if (!issuer || !audience) throw new TypeError('bearerJwt: issuer and audience must both be given');
  const jose = await import('jose');
  const key = toKey(jose, options);
  const checks: JWTVerifyOptions = {
    issuer,
    audience,
    algorithms,
    requiredClaims: ['exp'],
    clockTolerance: 5,
  };

  const verify = async (token: string): Promise<JWTPayload | undefined> => {
    try {
      return (await jose.jwtVerify(token, key, checks)).payload;
    } catch (error) {
      if (isTokensFault(jose, error)) return undefined;
      // Without keys a valid token looks like a forged one. So the caller must retry, and not log in again.
      throw Object.assign(new RefusalError('unavailable', 'The keys that verify tokens are not available.'), {
        cause: error,
      });
    }
  };

  return async (request) => {
    const token = readBearer(request);
    const claims = token === undefined ? undefined : await verify(token);
    const owner = claims && toOwner(claims);
    if (claims?.exp === undefined || owner === undefined) return undefined;
    return {
      owner,
      expiresAt: claims.exp * 1000,
      ...(claims.jti !== undefined && { credential: claims.jti }),
      ...(isAdmin(claims) && { admin: true }),
    };
  };
}

/**
 * Returns the accepted algorithms. Public keys and secrets never mix: a token signed with a public key as the
 * secret must not pass (RFC 8725, section 2.1).
 */
function toAlgorithms({ jwks, secret, algorithms }: BearerJwtOptions): string[] {
  if ((jwks === undefined) === (secret === undefined))
    throw new TypeError('bearerJwt: give either jwks or secret');
  const chosen = [...(algorithms ?? (secret === undefined ? publicKeyAlgorithms : ['HS256']))];
  const may = secret === undefined ? publicKeyAlgorithms : ['HS256', 'HS384', 'HS512'];
  const wrong = chosen.find((algorithm) => !may.includes(algorithm));
  if (wrong !== undefined || chosen.length === 0)
    throw new TypeError(`bearerJwt: algorithms: ${wrong ?? 'none'}; here there are ${may.join(', ')}`);
  return chosen;
}

function toKey(jose: typeof Jose, { jwks, secret }: BearerJwtOptions): JWTVerifyGetKey {
  if (secret !== undefined) {
    const bytes = new TextEncoder().encode(secret);
    if (bytes.length < 32) throw new TypeError('bearerJwt: the secret needs 32 bytes or more');
    return async () => bytes;
  }
  if (typeof jwks === 'object') return jose.createLocalJWKSet({ keys: jwks.keys.map(toPublicKey) });
  const url = URL.parse(jwks ?? '');
  const isPrivate =
    url?.protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  // Without https, an attacker in the network could replace the keys, and pass for any caller.
  if (url === null || !isPrivate) throw new TypeError(`bearerJwt: jwks: "${jwks}" is not a URL with https`);
  return jose.createRemoteJWKSet(url, { timeoutDuration: 5_000 });
}

function toPublicKey(key: PublicKey): PublicKey & { readonly kty: string } {
  if (key.kty === undefined) throw new TypeError('bearerJwt: jwks: a key has no "kty"');
  return { ...key, kty: key.kty };
}

/** Returns whether the token is wrong, and not its keys out of reach. */
function isTokensFault({ errors }: typeof Jose, error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return !['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code);
}

function toName(sub: unknown): string | undefined {
  return typeof sub === 'string' && sub !== '' ? sub : undefined;
}
