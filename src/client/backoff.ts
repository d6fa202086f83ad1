/** A stream that lived this long was good: its end starts the counting anew. */
export const goodMs = 5_000;
/** No more attempts than this in any such time, whatever chance, the server or the network do. */
export const budget = { attempts: 5, windowMs: 10_000 } as const;

const quickMs = 250;
const baseMs = 500;
const ceilingMs = 30_000;
const retryRange = { min: 250, max: 60_000 } as const;
// Beyond it a page would look dead for good, and setTimeout overflows into a storm at 2^31.
const retryAfterMaxMs = 600_000;
/** What browsers wait where no server told them otherwise. */
const plainRetryMs = 3_000;

/** Full jitter: thousands of clients that lost one server must not come back in step. */
export function toBackoff(failed: number, retryMs: number | undefined, random: number): number {
  if (failed === 0) return random * quickMs;
  const base = retryMs ?? baseMs;
  return random * Math.min(base * 2 ** (failed - 1), Math.max(base, ceilingMs));
}

/** The one wait of a plain EventSource. */
export function toPlainWait(retryMs: number | undefined): number {
  return retryMs ?? plainRetryMs;
}

/** When the next attempt may start, after these. */
export function toBudget(starts: readonly number[]): number {
  const oldest = starts.at(-budget.attempts);
  return oldest === undefined ? -Infinity : oldest + budget.windowMs;
}

/** What a server told with `retry:`, in bounds: 0 makes a storm, and so does what overflows a timer. */
export function clampRetry(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.min(Math.max(ms, retryRange.min), retryRange.max);
}

export function clampRetryAfter(ms = 0): number {
  return Math.min(Math.max(ms, 0), retryAfterMaxMs);
}
