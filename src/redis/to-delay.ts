/** How long to wait before the nth try to connect, in milliseconds: a second at most, and not all nodes at once. */
export function toDelay(times: number): number {
  return Math.min(50 * 2 ** times, 1_000) * (0.8 + Math.random() * 0.4);
}
