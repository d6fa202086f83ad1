/** Watches for a sleep of the machine or of this process. */
export interface SleepWatch {
  /** Begins anew: there is another reason why timers were late until now. */
  reset(): void;
  stop(): void;
}

/** How often it looks at the clocks, in milliseconds. */
const tickMs = 2_000;
/** A sleep this long may have cost a connection: the server has written meanwhile, and nobody took it. */
const sleptMs = 15_000;

/**
 * Calls back soon after a sleep. It shows in two ways: the clock of the day went on while the one that counts running time stood still;
 * or, where both went on, a timer comes late. In a page that is not seen timers are always late.
 */
export function watchSleep(onWake: () => void): SleepWatch {
  let day = 0;
  let running = 0;
  const reset = (): void => {
    day = Date.now();
    running = performance.now();
  };
  reset();
  const timer = setInterval(() => {
    const passed = Date.now() - day;
    const ran = performance.now() - running;
    reset();
    const isSeen = typeof document !== 'object' || document.visibilityState === 'visible';
    if (passed - ran > sleptMs || (isSeen && Math.max(passed, ran) > tickMs + sleptMs)) onWake();
  }, tickMs);
  // Node's timers are objects, those of browsers numbers. It must not keep a process alive.
  if (typeof timer === 'object') timer.unref();
  return { reset, stop: () => clearInterval(timer) };
}
