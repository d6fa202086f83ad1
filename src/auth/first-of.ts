import type { Authenticate } from '../server/index.ts';

/**
 * Calls several ways in order, until one returns a principal. An owner's name must mean the same person in
 * all of them.
 */
export function firstOf(...ways: readonly Authenticate[]): Authenticate {
  return async (request) => {
    for (const authenticate of ways) {
      const shown = await authenticate(request);
      if (shown !== undefined) return shown;
    }
    return undefined;
  };
}
