/** What becomes of a page that its connections must know of. */
export type PageChange = 'online' | 'shown' | 'left' | 'back';

/** Tells what becomes of the page, until stopped. Where there is no page, as in Node, nothing ever does. */
export function watchPage(listener: (change: PageChange) => void): () => void {
  if (typeof addEventListener !== 'function') return () => {};
  const controller = new AbortController();
  const on = (
    target: EventTarget,
    type: string,
    change: PageChange,
    when: () => boolean = () => true,
  ): void => target.addEventListener(type, () => when() && listener(change), { signal: controller.signal });

  on(globalThis, 'online', 'online');
  // An open connection keeps a page out of the back/forward cache, or is cut in it without a word.
  on(globalThis, 'pagehide', 'left');
  on(globalThis, 'pageshow', 'back');
  if (typeof document === 'object') {
    on(document, 'visibilitychange', 'shown', () => document.visibilityState === 'visible');
    // A page that was frozen: its timers stood still while the connection died.
    on(document, 'resume', 'shown');
  }
  return () => controller.abort();
}
