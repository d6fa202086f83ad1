import { useSyncExternalStore } from 'react';
import { toHash, toRoute } from './page-route.ts';
import type { PageRoute } from './page-route.ts';

export function useRoute(): PageRoute {
  return toRoute(useSyncExternalStore(subscribe, () => location.hash));
}

/** Shows something else, at once; `replace` where going back should not lead to what is shown now. */
export function goTo(route: PageRoute, how: 'push' | 'replace' = 'push'): void {
  const hash = toHash(route);
  try {
    if (how === 'push') history.pushState(undefined, '', hash);
    else history.replaceState(undefined, '', hash);
    // Neither tells anybody; and to set location.hash tells only some time later, when what belongs together has parted.
    dispatchEvent(new HashChangeEvent('hashchange'));
  } catch {
    // Safari refuses more than a hundred in half a minute, and frames without an address of their own refuse any.
    location.hash = hash;
  }
}

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}
