import type { AppendOptions } from './log.ts';

/** The options of an append that the decision depends on. */
export interface AppendDemands {
  readonly head?: { readonly was: number } | undefined;
  readonly key?: AppendOptions['key'] | undefined;
  readonly fence?: AppendOptions['fence'] | undefined;
}

/** The facts of a session that a store has when an append arrives. */
export interface AppendFacts {
  readonly version: number;
  /** The lease that was last claimed and not released, expired or not. */
  readonly lease: { readonly epoch: number; readonly nonce: string; readonly n: number } | undefined;
  /** Returns the digest that a key was used with, or undefined if the key was not used. */
  digestOf(key: string): string | undefined;
}

/** `write`: the append may be written. `repeat`: it repeats the last append of the fence. */
export type AppendDecision =
  | 'write'
  | 'repeat'
  | 'duplicate'
  | 'mismatch'
  | 'fenced'
  | 'conflict'
  | 'missing';

/**
 * Decides about an append. All stores check in the same order: the session, the fence, the key, the head. The
 * key comes before the head, so a repeat of an old request finds what it wrote, even if the head has moved
 * on. An expired lease still admits its holder: until another node claims the lease, no other node writes.
 */
export function decideAppend(
  session: string,
  facts: AppendFacts | 'none' | 'dropped',
  { head, key, fence }: AppendDemands,
): AppendDecision {
  if (facts === 'dropped') return 'missing';
  if (facts === 'none') return head?.was === 0 && fence === undefined ? 'write' : 'missing';
  if (fence !== undefined) {
    const { lease } = facts;
    if (lease === undefined || fence.session !== session) return 'fenced';
    if (fence.epoch !== lease.epoch || fence.nonce !== lease.nonce) return 'fenced';
    if (fence.n === lease.n && lease.n > 0) return 'repeat';
    if (fence.n !== lease.n + 1) return 'fenced';
  }
  if (key !== undefined) {
    const digest = facts.digestOf(key.id);
    if (digest !== undefined) return digest === key.digest ? 'duplicate' : 'mismatch';
  }
  return head !== undefined && head.was !== facts.version ? 'conflict' : 'write';
}
