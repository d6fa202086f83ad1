/** Measures how long the event loop of this process is blocked. */
export interface LoopWatch {
  reset(): void;
  /** Returns the longest time without a turn of the loop since the last reset, in milliseconds. */
  heldMs(): number;
}

/** How often the watch looks, in milliseconds. */
const everyMs = 1;

export function watchLoop(): LoopWatch {
  let last = performance.now();
  let held = 0;
  const look = (): void => {
    const now = performance.now();
    held = Math.max(held, now - last - everyMs);
    last = now;
  };
  setInterval(look, everyMs).unref();
  return {
    reset: () => {
      last = performance.now();
      held = 0;
    },
    heldMs: () => {
      look();
      return held;
    },
  };
}
