import { checkNumber } from '../protocol/internal.ts';
import type { AuthOptions } from './identify.ts';

/** Blocks owners for a time, whatever credentials they send. */
export interface Blocks {
  /** Blocks an owner for `ms` milliseconds from now. `Infinity` blocks for good, and 0 ends the block. */
  block(owner: string, ms: number): Promise<void>;
  /**
   * Returns whether an owner is blocked. The server asks with every request, and every 4 s while streams are
   * open.
   */
  isBlocked(owner: string): boolean;
}

/** Creates blocks that live in the memory of this process. */
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

/**
 * Returns the options of a server in which `isRevoked` also holds for blocked owners. So a blocked owner is
 * refused wherever the server checks for revocation.
 */
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
