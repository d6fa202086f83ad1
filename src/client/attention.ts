import type { PageChange } from './page-life.ts';

/**
 * Tracks whether the page is visible or a response is awaited. If neither is true, its connection is idle.
 */
export interface Attention {
  /** Records a change of the page. */
  on(change: PageChange): void;
  /** Records that something arrived: what is awaited may have changed. */
  look(): void;
  /** Records that something is sent from here. */
  wake(): void;
  stop(): void;
}

/** A user who switches tabs may soon be back. Work that is sent just before a switch has begun by then. */
const graceMs = 1_000;

/**
 * Creates a tracker. It calls `tell(true)` when the page has been hidden for a second and nothing was
 * awaited, and `tell(false)` when that is over.
 */
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
  // By now the application has processed what arrived.
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
