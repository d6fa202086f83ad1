/** If a stream lived for this long, it was good, and its end resets the count of failures. */
export const goodMs = 5_000;
/**
 * The most attempts in any window of this length, whatever the random number, the server or the network do.
 */
export const budget = { attempts: 5, windowMs: 10_000 } as const;

const quickMs = 250;
const baseMs = 500;
const ceilingMs = 30_000;
const retryRange = { min: 250, max: 60_000 } as const;
// After a longer wait a page would look dead. From 2^31 on setTimeout overflows and fires at once: a storm.
const retryAfterMaxMs = 600_000;
/** The wait of a browser if the server sent no `retry:`. */
const plainRetryMs = 3_000;

/**
 * Returns the wait after a number of failures, in milliseconds. It has full jitter: thousands of clients that
 * lost one server must not come back at the same time.
 */
export function toBackoff(failed: number, retryMs: number | undefined, random: number): number {
  if (failed === 0) return random * quickMs;
  const base = retryMs ?? baseMs;
  return random * Math.min(base * 2 ** (failed - 1), Math.max(base, ceilingMs));
}

/** Returns the fixed wait of a plain EventSource, in milliseconds. */
export function toPlainWait(retryMs: number | undefined): number {
  return retryMs ?? plainRetryMs;
}

/** Returns when the next attempt may start, given the starts of the last ones. */
export function toBudget(starts: readonly number[]): number {
  const oldest = starts.at(-budget.attempts);
  return oldest === undefined ? -Infinity : oldest + budget.windowMs;
}

/**
 * Clamps the server's `retry:` value. 0 would make a storm of requests, and so would a timer that overflows.
 */
export function clampRetry(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.min(Math.max(ms, retryRange.min), retryRange.max);
}

export function clampRetryAfter(ms = 0): number {
  return Math.min(Math.max(ms, 0), retryAfterMaxMs);
}
