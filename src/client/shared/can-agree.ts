import type { Timing } from '../timing.ts';

/** What does not answer by then is not there. A lock that nobody holds is had at once. */
const patienceMs = 2_000;

/**
 * Whether tabs can agree here on one of them, which is known only when it was tried: a sandboxed frame and a browser that blocks site
 * data have locks and channels that refuse, and what stands in for a browser may have some that do nothing.
 */
export async function canAgree(name: string, timing: Timing): Promise<boolean> {
  const tried = new AbortController();
  try {
    new BroadcastChannel(name).close();
    return await Promise.race([
      holdLock(`${name} try`),
      timing.sleep(patienceMs, tried.signal).then(() => false),
    ]);
  } catch {
    return false;
  } finally {
    tried.abort();
  }
}

async function holdLock(name: string): Promise<boolean> {
  let isHeld = false;
  await navigator.locks.request(name, { mode: 'shared' }, () => {
    isHeld = true;
  });
  return isHeld;
}
