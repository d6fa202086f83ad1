import { afterEach } from 'vitest';

/**
 * Creates what a test file registers its processes, folders and servers with. After each test (or, with
 * `afterAll`, after the last one) it releases them, the last one first.
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
