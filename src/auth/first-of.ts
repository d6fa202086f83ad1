import type { Authenticate } from '../server/index.ts';

/** Asks several, in order, until one knows who it is. An owner's name means the same person whoever says it. */
export function firstOf(...ways: readonly Authenticate[]): Authenticate {
  return async (request) => {
    for (const authenticate of ways) {
      const shown = await authenticate(request);
      if (shown !== undefined) return shown;
    }
    return undefined;
  };
}
