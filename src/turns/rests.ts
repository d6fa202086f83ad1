/** How long a session rests after its work failed, in milliseconds: the first time, and at most. */
const rest = { firstMs: 5_000, longestMs: 600_000 };

/**
 * Sessions whose work failed. They rest for a while, so that they neither fill the log nor delay healthy
 * sessions.
 */
export interface Rests {
  /** The number of sessions whose last work failed. */
  readonly size: number;
  isResting(session: string): boolean;
  /** Records that a session's work failed. It rests twice as long as the time before. */
  fail(session: string): void;
  /** Records that a session's work succeeded. */
  succeed(session: string): void;
}

/** Creates an empty set. `now` is a clock in milliseconds that only goes forward. */
export function createRests(now: () => number = () => performance.now()): Rests {
  const rests = new Map<string, { readonly until: number; readonly ms: number }>();
  return {
    get size() {
      return rests.size;
    },
    isResting: (session) => (rests.get(session)?.until ?? 0) > now(),
    fail(session) {
      const before = rests.get(session)?.ms ?? rest.firstMs / 2;
      const ms = Math.min(before * 2, rest.longestMs);
      rests.set(session, { until: now() + ms, ms });
    },
    succeed: (session) => void rests.delete(session),
  };
}
