/**
 * The longest time that a lease is held without a renewal, in milliseconds. A lease that seems to live longer
 * was claimed before the clock was set back. It counts as expired, because a session must not wait for a
 * clock.
 */
export const maxLeaseMs = 60_000;

/**
 * Leases on sessions. A lease is the right of one node to run a session's turns. `ttlMs` is at most
 * `maxLeaseMs`.
 */
export interface Leases {
  /**
   * Claims the lease of a session. Returns undefined if another holder has a lease that has not expired, or
   * if there is no such session. The fence it returns has `n` 0; the first append carries 1.
   */
  claim(session: string, node: string, ttlMs: number): Promise<Fence | undefined>;
  /**
   * Extends the lease. Returns false if it was lost. A lease that has expired, but that no other node has
   * claimed, is held again.
   */
  renew(fence: Fence, ttlMs: number): Promise<boolean>;
  /**
   * Gives the lease back. Returns false if it was lost. Returns false too, and keeps the lease, if the head
   * has moved on from `ifHead`: so no new message is stranded. Without `ifHead` the lease is given back even
   * if messages wait.
   */
  release(fence: Fence, ifHead?: number): Promise<boolean>;
  /** Returns the sessions whose `dueAt` has passed and whose lease is free, earliest first. */
  due(limit: number): Promise<readonly string[]>;
}

/**
 * The proof of a lease, which each append of its holder carries. A store refuses it once another node has
 * claimed the lease or the holder has released it. A fence whose lease has only expired is still valid: until
 * another node claims the lease, no other node writes.
 */
export interface Fence {
  readonly session: string;
  /** Counts the claims of this session. */
  readonly epoch: number;
  /** Compared by equality, because a store that lost acknowledged writes may use an epoch twice. */
  readonly nonce: string;
  /** Counts the appends under this claim that were not refused, from 1. */
  readonly n: number;
}
