import { useSyncExternalStore } from 'react';
import { toHash, toRoute } from './page-route.ts';
import type { PageRoute } from './page-route.ts';

export function useRoute(): PageRoute {
  return toRoute(useSyncExternalStore(subscribe, () => location.hash));
}

/** Navigates to a route at once. Use `replace` when the back button should not return to the current one. */
export function goTo(route: PageRoute, how: 'push' | 'replace' = 'push'): void {
  const hash = toHash(route);
  try {
    if (how === 'push') history.pushState(undefined, '', hash);
    else history.replaceState(undefined, '', hash);
    // Neither call fires an event. Setting location.hash fires one only later, when related state would no
    // longer match.
    dispatchEvent(new HashChangeEvent('hashchange'));
  } catch {
    // Safari refuses more than a hundred calls in half a minute. Frames without a URL of their own refuse
    // every call.
    location.hash = hash;
  }
}

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}
