/**
 * Reads a Retry-After header, in seconds or as a date. Returns milliseconds, or undefined if it is neither.
 */
export function toRetryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}
