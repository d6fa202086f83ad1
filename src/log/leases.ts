/**
 * The longest time a lease is held without being renewed, in milliseconds. One that claims to live longer was given before the clock was set back,
 * and counts as dead: a session must not wait for a clock.
 */
export const maxLeaseMs = 60_000;

/** The right of one node to run one session's turns. `ttlMs` is at most `maxLeaseMs`. */
export interface Leases {
  /** Takes the lease where nobody holds it alive; undefined where somebody does, or there is no such session. The fence it answers has `n` 0; the first append carries 1. */
  claim(session: string, node: string, ttlMs: number): Promise<Fence | undefined>;
  /** Holds it for longer; false where it was lost. One that has expired, but that nobody else has claimed, is held again. */
  renew(fence: Fence, ttlMs: number): Promise<boolean>;
  /** Gives it back; false, and still held, where the head has moved on from `ifHead`: so no new message is stranded. Without `ifHead` it is given back whatever waits. */
  release(fence: Fence, ifHead?: number): Promise<boolean>;
  /** Sessions whose `dueAt` has come and that nobody holds, earliest first. */
  due(limit: number): Promise<readonly string[]>;
}

/**
 * Carried by every append of a lease's holder; a store refuses it once the lease went to another or was given back.
 * One that has only expired is still good: as long as nobody else has claimed it, nobody else writes.
 */
export interface Fence {
  readonly session: string;
  /** Counts the claims of this session. */
  readonly epoch: number;
  /** Compared by equality: a store that lost acknowledged writes may count an epoch twice. */
  readonly nonce: string;
  /** Counts the appends under this claim that were not refused, from 1. */
  readonly n: number;
}
