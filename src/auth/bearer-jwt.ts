import type * as Jose from 'jose';
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
// By its name: the command bundles this door, and there is one RefusalError.
import { RefusalError } from 'heddle';
import type { Authenticate } from '../server/index.ts';
import type { PublicKey } from './public-key.ts';
import { readBearer } from './read-bearer.ts';

/** What a token says (RFC 7519). */
export type Claims = Readonly<Record<string, unknown>>;

export interface BearerJwtOptions {
  /** Who must have issued the token: its `iss`. */
  readonly issuer: string;
  /** Whom it must be for: its `aud`. */
  readonly audience: string;
  /** The issuer's public keys (RFC 7517): where they are, or what they are. */
  readonly jwks?: string | { readonly keys: readonly PublicKey[] };
  /** Instead of `jwks`: a secret shared with the issuer, of 32 bytes or more. */
  readonly secret?: string;
  /** The signatures that are taken. @default all with public keys for `jwks`; HS256 for `secret` */
  readonly algorithms?: readonly string[];
  /** Whose sessions these are; undefined refuses. @default its `sub` */
  readonly toOwner?: (claims: Claims) => string | undefined;
  /** Who may see who is at work, and stop them. @default nobody */
  readonly isAdmin?: (claims: Claims) => boolean;
}

const publicKeyAlgorithms = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/**
 * Knows callers by a JWT in `Authorization: Bearer`: its signature, issuer, audience, and time, which it must have. Its streams end when it does; its `jti` names it for
 * `isRevoked`. Needs the package jose. Rejects with a TypeError where the options leave a token unchecked, and answers 503 while the keys cannot be had.
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
      // Nobody's token can be told from a forged one: its bearer is to try again, and not to log in again.
      throw Object.assign(new RefusalError('unavailable', 'The keys for tokens cannot be had.'), {
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

/** Public keys and secrets never mix: a token signed with a public key as if it were a secret must not pass (RFC 8725, section 2.1). */
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
  // Who can change the keys on their way here can be anybody.
  if (url === null || !isPrivate) throw new TypeError(`bearerJwt: jwks: "${jwks}" is not a URL with https`);
  return jose.createRemoteJWKSet(url, { timeoutDuration: 5_000 });
}

function toPublicKey(key: PublicKey): PublicKey & { readonly kty: string } {
  if (key.kty === undefined) throw new TypeError('bearerJwt: jwks: a key has no "kty"');
  return { ...key, kty: key.kty };
}

/** Whether it is the token that is wrong, and not that its keys are out of reach. */
function isTokensFault({ errors }: typeof Jose, error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return !['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code);
}

function toName(sub: unknown): string | undefined {
  return typeof sub === 'string' && sub !== '' ? sub : undefined;
}
