import type { Timing } from '../timing.ts';

/** A lock that does not come by then will never come: a free lock is granted at once. In milliseconds. */
const patienceMs = 2_000;

/**
 * Returns whether tabs can elect a leader here, which only a try shows. In a sandboxed frame, or in a browser
 * that blocks site data, locks and channels exist but refuse. In a simulated browser they may do nothing.
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
