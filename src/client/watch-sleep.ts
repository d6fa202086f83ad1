/** Watches for a sleep of the machine or of this process. */
export interface SleepWatch {
  /** Starts anew, because timers were late until now for another reason. */
  reset(): void;
  stop(): void;
}

/** How often the watch compares the clocks, in milliseconds. */
const tickMs = 2_000;
/**
 * A sleep of this length may have cost a connection: the server has written meanwhile, and no client read it.
 */
const sleptMs = 15_000;

/**
 * Calls `onWake` soon after a sleep. There are two signs of one. The wall clock went on while the clock of
 * running time stood still. Or both went on, and a timer comes late. In a hidden page timers are always late,
 * so only the first sign counts there.
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
  // A timer is an object in Node and a number in browsers. It must not keep a process alive.
  if (typeof timer === 'object') timer.unref();
  return { reset, stop: () => clearInterval(timer) };
}
