import { RefusalError } from '../protocol/index.ts';
import type { Ask } from './ask.ts';
import type { Authenticate, Principal } from './principal.ts';

export interface IdentifyOptions {
  /** Who asks; ready-made in `heddle/auth`. @default everybody is the same caller */
  readonly authenticate?: Authenticate;
  /**
   * Whether what was shown is no longer good before its time: asked with every request, and every 4 s while streams are open.
   * Where it throws, a request is refused and an open stream stays: within `maxAgeMs` its client has to come back. @default never
   */
  readonly isRevoked?: (principal: Principal) => boolean | Promise<boolean>;
}

/** Who asks. Throws `unauthorized` for nobody known, and for who is no longer. */
export async function identify(
  { authenticate = () => 'anonymous', isRevoked }: IdentifyOptions,
  ask: Ask,
): Promise<Principal> {
  const shown = await authenticate(ask);
  const principal = typeof shown === 'string' ? { owner: shown } : shown;
  // Without types a hook may answer null, or an empty name: that would be one person for all whom it does not know.
  if (principal == null || typeof principal.owner !== 'string' || principal.owner === '')
    throw new RefusalError('unauthorized');
  if (isExpired(principal) || (await isRevoked?.(principal))) throw new RefusalError('unauthorized');
  return principal;
}

/** Whether a principal's time is over. */
export function isExpired({ expiresAt = Infinity }: Principal): boolean {
  // Not a number is no time to come.
  return !(expiresAt > Date.now());
}
