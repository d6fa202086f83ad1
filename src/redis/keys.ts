/**
 * The names of a store's keys. The keys of one shard are in one slot of a Cluster, so one script can use them
 * together.
 */
export interface Keys {
  /** The number of shards. */
  readonly shards: number;
  /** The shards that one script may use together: each alone in a Cluster, otherwise all. */
  readonly batches: readonly (readonly number[])[];
  /** Holds the version of this layout and the number of shards. Neither can ever change. */
  readonly layout: string;
  /** Written to find out whether the server accepts writes. */
  readonly check: string;
  /** Returns the shard of a session. */
  shardOf(session: string): number;
  /** Returns the place in `batches` of a session's shard. */
  batchOf(session: string): number;
  /** Returns the channel of the hints of a batch, by its place in `batches`. */
  hintsOf(batch: number): string;
  of(session: string): SessionKeys;
  ofShard(shard: number): ShardKeys;
  /** Returns the sorted sets of an owner's sessions in one shard. */
  ofOwner(shard: number, owner: string): OwnerKeys;
}

interface SessionKeys extends ShardKeys {
  /** The seven keys of the session alone, in the order below: they are deleted and expire together. */
  readonly own: readonly string[];
  /** A hash: the head, the end of the log, the lease. */
  readonly session: string;
  /** A stream: one entry per event. */
  readonly log: string;
  /** A hash: for each idempotency key, the place in the log of what its append wrote. */
  readonly keys: string;
  /** A hash: for each idempotency key, what its append wrote, once that is trimmed from the log. */
  readonly kept: string;
  readonly snapshots: string;
  /** A hash: the tag, the record, the number of pages, and each page by its number. */
  readonly checkpoint: string;
  /** A sorted set: the idempotency keys of appends that are not trimmed, by their first entry. */
  readonly untrimmed: string;
}

interface ShardKeys {
  /** A sorted set: sessions that no node holds, by the time at which they are due. */
  readonly due: string;
  /** A sorted set: sessions that a node holds, by the time at which their lease expires. */
  readonly held: string;
  /** A sorted set: sessions that have a due time, held or not, by that time. */
  readonly work: string;
}

interface OwnerKeys {
  /** The listed sessions, by the time when they were last active. */
  readonly listed: string;
  /** The sessions that have a due time, held or not, by that time. */
  readonly work: string;
}

/**
 * Creates the names. The part in braces decides the slot
 * (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags). Throws a TypeError
 * if `prefix` has braces, or `shards` is not a whole number from 1 to 16,384.
 */
export function createKeys(prefix: string, shards: number, isCluster: boolean): Keys {
  if (/[{}]/.test(prefix)) throw new TypeError(`prefix: "${prefix}" must not have braces in it.`);
  if (!Number.isInteger(shards) || shards < 1 || shards > 16_384)
    throw new TypeError(`shards: ${shards} must be a whole number from 1 to 16384.`);

  const all: readonly ShardKeys[] = Array.from({ length: shards }, (_, shard) => ({
    due: `${prefix}:{${shard}}:due`,
    held: `${prefix}:{${shard}}:held`,
    work: `${prefix}:{${shard}}:work`,
  }));
  const ofShard = (shard: number): ShardKeys => {
    const keys = all[shard];
    if (keys === undefined) throw new RangeError(`There is no shard ${shard}.`);
    return keys;
  };
  const shardOf = (session: string): number => hash(session) % shards;
  return {
    shards,
    batches: isCluster ? all.map((_, shard) => [shard]) : [all.map((_, shard) => shard)],
    layout: `${prefix}:layout`,
    check: `${prefix}:check`,
    shardOf,
    batchOf: (session) => (isCluster ? shardOf(session) : 0),
    hintsOf: (batch) => (isCluster ? `${prefix}:{${batch}}:hints` : `${prefix}:hints`),
    ofShard,
    of(session) {
      const shard = shardOf(session);
      const name = (kind: string): string => `${prefix}:{${shard}}:${kind}:${session}`;
      const own = {
        session: name('session'),
        log: name('log'),
        keys: name('keys'),
        kept: name('kept'),
        snapshots: name('snapshots'),
        checkpoint: name('checkpoint'),
        untrimmed: name('untrimmed'),
      };
      return { ...ofShard(shard), ...own, own: Object.values(own) };
    },
    // JSON text keeps any two strings different, lone surrogates included.
    ofOwner: (shard, owner) => ({
      listed: `${prefix}:{${shard}}:owner:${JSON.stringify(owner)}`,
      work: `${prefix}:{${shard}}:work:${JSON.stringify(owner)}`,
    }),
  };
}

/** FNV-1a, 32 bits. Every node must compute the same number. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  }
  return sum >>> 0;
}
