/**
 * Whether tabs can really agree here: in a frame in a sandbox, and where a site may keep no data, browsers have locks and channels and
 * refuse them when they are used.
 */
export async function mayShare(name: string): Promise<boolean> {
  try {
    new BroadcastChannel(name).close();
    return await navigator.locks.request(name, { mode: 'shared' }, () => true);
  } catch {
    return false;
  }
}
