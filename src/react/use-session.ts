import { useEffect, useState, useSyncExternalStore } from 'react';
import { createSharedStore } from './shared-store.ts';
import type { SessionSource, UseSessionOptions } from './session-source.ts';
import type { SessionView } from './session-view.ts';

/**
 * Follows a session while the component is mounted, and renders it at most once an animation frame. It loads
 * the last 100 messages, and earlier ones on demand; the option `messages` sets another number. A source
 * that leads to the followed session (such as the URL of a session created here) changes nothing. Any other
 * source starts anew. Components that follow one session share one connection if their options are the same;
 * a function for headers must then be the same function. Later changes of the options count only for such a
 * function and for the metadata.
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

/** Components often make the handle of a session anew in each render. */
function isSame(one: SessionSource, other: SessionSource): boolean {
  return one === other || (typeof one !== 'string' && typeof other !== 'string' && one.id === other.id);
}
