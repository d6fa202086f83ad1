import { afterEach } from 'vitest';

/**
 * Creates a function that registers clean-up work: processes, folders, servers. The work runs after each
 * test, or with `afterAll` after the last one. The last one registered runs first.
 */
export function createCleanUp(
  after: (release: () => Promise<void>) => void = afterEach,
): (...releases: readonly (() => unknown)[]) => void {
  const registered: (() => unknown)[] = [];
  after(async () => {
    for (const release of registered.splice(0).toReversed()) await release();
  });
  return (...releases) => void registered.push(...releases);
}
