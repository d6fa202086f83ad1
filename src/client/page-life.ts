import { watchSleep } from './watch-sleep.ts';

/** A change of a page, or of a process, that affects its connections. */
export type PageChange = 'online' | 'woke' | 'shown' | 'hidden' | 'left' | 'back';

/**
 * Calls `listener` with each change of the page. Returns a function that stops this. Without a page, as in
 * Node, only `woke` is reported.
 */
export function watchPage(listener: (change: PageChange) => void): () => void {
  const sleep = watchSleep(() => listener('woke'));
  if (typeof addEventListener !== 'function') return sleep.stop;
  const controller = new AbortController();
  const on = (target: EventTarget, type: string, toChange: () => PageChange): void =>
    target.addEventListener(
      type,
      () => {
        // Timers of a page that was hidden or put aside were late, without a sleep.
        sleep.reset();
        listener(toChange());
      },
      { signal: controller.signal },
    );

  on(globalThis, 'online', () => 'online');
  // An open connection keeps a page out of the back/forward cache, or is cut there without notice.
  on(globalThis, 'pagehide', () => 'left');
  on(globalThis, 'pageshow', () => 'back');
  if (typeof document === 'object') {
    on(document, 'visibilitychange', toSight);
    // A frozen page would keep its locks and answer no other tab, so it gives them up first.
    on(document, 'freeze', () => 'left');
    on(document, 'resume', () => 'back');
    if (toSight() === 'hidden') listener('hidden');
  }
  return () => {
    controller.abort();
    sleep.stop();
  };
}

function toSight(): PageChange {
  return document.visibilityState === 'hidden' ? 'hidden' : 'shown';
}
