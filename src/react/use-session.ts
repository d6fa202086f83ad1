import { useEffect, useState, useSyncExternalStore } from 'react';
import { createSharedStore } from './shared-store.ts';
import type { SessionSource, UseSessionOptions } from './session-source.ts';
import type { SessionView } from './session-view.ts';

/**
 * Follows a session for as long as the component is mounted, and renders it at most once an animation frame. A source that leads to the
 * session that is followed already (the URL of the one that was created here) changes nothing; any other begins anew. Components that
 * follow one session share one connection, where their options are the same: a function for headers must then be the same function. Of the
 * options only such a function and the metadata may change later.
 */
export function useSession(source: SessionSource, options: UseSessionOptions = {}): SessionView {
  const [current, setCurrent] = useState(() => ({ source, store: createSharedStore(source, options) }));
  let { store } = current;
  if (!isSame(current.source, source)) {
    if (!store.isAt(source)) store = createSharedStore(source, options);
    setCurrent({ source, store });
  }
  useEffect(() => store.configure(options));
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

/** A handle of a session is often made anew in each render. */
function isSame(one: SessionSource, other: SessionSource): boolean {
  return one === other || (typeof one !== 'string' && typeof other !== 'string' && one.id === other.id);
}
