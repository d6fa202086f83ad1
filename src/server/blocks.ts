import { checkNumber } from '../protocol/internal.ts';
import type { AuthOptions } from './identify.ts';

/** Keeps owners out for a time, whatever they show. */
export interface Blocks {
  /** Keeps an owner out for so many milliseconds from now, `Infinity` for good; with 0 they may come in again. */
  block(owner: string, ms: number): Promise<void>;
  /** Whether an owner is kept out: asked with every request, and every 4 s while streams are open. */
  isBlocked(owner: string): boolean;
}

/** Creates what keeps owners out of this process. */
export function createBlocks(): Blocks {
  const untils = new Map<string, number>();
  return {
    async block(owner, ms) {
      checkNumber('ms', ms, { infinity: 'for good' });
      const now = Date.now();
      for (const [name, until] of untils) if (until <= now) untils.delete(name);
      untils.set(owner, now + ms);
    },
    isBlocked: (owner) => (untils.get(owner) ?? 0) > Date.now(),
  };
}

/** The options of a server, where who is kept out is as one whose credentials are revoked, wherever that is asked. */
export function withBlocks<Options extends AuthOptions & { readonly blocks?: Blocks }>(
  options: Options,
): Options {
  const { blocks, isRevoked } = options;
  if (blocks === undefined) return options;
  return {
    ...options,
    isRevoked: (principal) => blocks.isBlocked(principal.owner) || (isRevoked?.(principal) ?? false),
  };
}
