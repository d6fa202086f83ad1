import type { PageChange } from './page-life.ts';

/** Whether anybody looks, or anything is awaited: a connection that is for neither is idle. */
export interface Attention {
  /** Takes note of what became of the page. */
  on(change: PageChange): void;
  /** Takes note that something came: what is awaited may have changed. */
  look(): void;
  /** Takes note that something is sent from here. */
  wake(): void;
  stop(): void;
}

/** Who flips through tabs is soon back; and what is sent just before a tab is left has begun by then. */
const graceMs = 1_000;

/** Tells when the page has been out of sight for a second while nothing was awaited, and when that is over. */
export function createAttention(isQuiet: () => boolean, tell: (isIdle: boolean) => void): Attention {
  let isHidden = false;
  let isIdle = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
  }
  function wake(): void {
    stop();
    if (isIdle) tell((isIdle = false));
  }
  function look(): void {
    if (isHidden) timer ??= setTimeout(settle, graceMs);
    else wake();
  }
  // By then what came is taken in.
  function settle(): void {
    timer = undefined;
    if (isQuiet()) tell((isIdle = true));
    else wake();
  }
  return {
    on(change) {
      if (change === 'shown' || change === 'hidden') isHidden = change === 'hidden';
      look();
    },
    look,
    wake() {
      wake();
      look();
    },
    stop,
  };
}
