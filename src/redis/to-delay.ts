/**
 * Returns how long to wait before a retry to connect, in milliseconds: 1,000 at most, plus or minus up to
 * 20%, so that nodes do not all reconnect at once. `times` counts the retries.
 */
export function toDelay(times: number): number {
  return Math.min(50 * 2 ** times, 1_000) * (0.8 + Math.random() * 0.4);
}
