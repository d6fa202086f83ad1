import type { PageChange } from './page-life.ts';

/** Whether anybody looks, or anything is awaited: a connection that is for neither is given up. */
export interface Attention {
  /** Takes note of what became of the page. */
  on(change: PageChange): void;
  /** Takes note that something came or was sent: what is awaited may have changed. */
  look(): void;
  stop(): void;
}

/** Who flips through tabs is soon back; and what is sent just before a tab is left has begun by then. */
const graceMs = 1_000;

/** Calls `rest` when the page has been out of sight for a second and nothing is awaited. */
export function createAttention(isQuiet: () => boolean, rest: () => void): Attention {
  let isHidden = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => clearTimeout(timer);
  const look = (): void => {
    stop();
    if (isHidden) timer = setTimeout(() => isQuiet() && rest(), graceMs);
  };
  return {
    on(change) {
      if (change === 'shown' || change === 'hidden') isHidden = change === 'hidden';
      look();
    },
    look,
    stop,
  };
}
