import type { AppendOptions } from './log.ts';

/** What an append asks for, as far as it decides. */
export interface AppendDemands {
  readonly head?: { readonly was: number } | undefined;
  readonly key?: AppendOptions['key'] | undefined;
  readonly fence?: AppendOptions['fence'] | undefined;
}

/** What a store knows of a session when an append comes. */
export interface AppendFacts {
  readonly version: number;
  /** The lease that was last claimed and not given back, whether it has expired or not. */
  readonly lease: { readonly epoch: number; readonly nonce: string; readonly n: number } | undefined;
  /** The digest a key was used with; undefined where it was not. */
  digestOf(key: string): string | undefined;
}

/** `write`: nothing speaks against it. `repeat`: the fence's last append comes again. */
export type AppendDecision =
  | 'write'
  | 'repeat'
  | 'duplicate'
  | 'mismatch'
  | 'fenced'
  | 'conflict'
  | 'missing';

/**
 * Decides about an append, in the one order that all stores keep: the session, the fence, the key, the head.
 * The key comes before the head, so that a repeat of an old request finds what it wrote though the head has moved on.
 * An expired lease still admits: as long as nobody else has claimed it, nobody else writes.
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
