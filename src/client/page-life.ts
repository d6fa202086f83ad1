import { watchSleep } from './watch-sleep.ts';

/** What becomes of a page, or of a process, that its connections must know of. */
export type PageChange = 'online' | 'woke' | 'shown' | 'hidden' | 'left' | 'back';

/** Tells what becomes of the page, until stopped. Where there is no page, as in Node, it can still sleep and wake. */
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
  // An open connection keeps a page out of the back/forward cache, or is cut in it without a word.
  on(globalThis, 'pagehide', () => 'left');
  on(globalThis, 'pageshow', () => 'back');
  if (typeof document === 'object') {
    on(document, 'visibilitychange', toSight);
    // A page that is frozen keeps its locks and answers nobody: it lets go first.
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
