/** The names of a store's keys. Those of one shard stand in one slot of a cluster, so that one script may touch them together. */
export interface Keys {
  /** How many shards there are. */
  readonly shards: number;
  /** The shards, as many together as one script may touch: one in a cluster, else all. */
  readonly batches: readonly (readonly number[])[];
  /** Holds the version of this layout and the number of shards, which can never change. */
  readonly layout: string;
  /** Is written to find out whether something can be. */
  readonly check: string;
  /** The shard a session stands in. */
  shardOf(session: string): number;
  of(session: string): SessionKeys;
  ofShard(shard: number): ShardKeys;
  /** An owner's sessions in a shard. */
  owner(shard: number, owner: string): string;
}

interface SessionKeys extends ShardKeys {
  /** A hash: the head, where the log ends, the lease. */
  readonly session: string;
  /** A stream: an entry an event. */
  readonly log: string;
  /** A hash: where in the log stands what a key wrote. */
  readonly keys: string;
  /** A hash: what a key wrote, once it is trimmed. */
  readonly kept: string;
  readonly snapshots: string;
}

interface ShardKeys {
  /** A sorted set: sessions nobody holds, by when they are due. */
  readonly due: string;
  /** A sorted set: sessions that are held, by when their lease runs out. */
  readonly held: string;
  /** The channel of the shard's hints. */
  readonly hints: string;
}

/** Creates the names. The part in braces decides the slot (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags). */
export function createKeys(prefix: string, shards: number, isCluster: boolean): Keys {
  if (/[{}]/.test(prefix)) throw new TypeError(`prefix: "${prefix}" must not have braces in it.`);
  if (!Number.isInteger(shards) || shards < 1 || shards > 16_384)
    throw new TypeError(`shards: ${shards} must be a whole number from 1 to 16384.`);

  const all: readonly ShardKeys[] = Array.from({ length: shards }, (_, shard) => ({
    due: `${prefix}:{${shard}}:due`,
    held: `${prefix}:{${shard}}:held`,
    hints: `${prefix}:{${shard}}:hints`,
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
    ofShard,
    of(session) {
      const shard = shardOf(session);
      const name = (kind: string): string => `${prefix}:{${shard}}:${kind}:${session}`;
      return {
        ...ofShard(shard),
        session: name('session'),
        log: name('log'),
        keys: name('keys'),
        kept: name('kept'),
        snapshots: name('snapshots'),
      };
    },
    // As JSON text, which keeps any two strings different.
    owner: (shard, owner) => `${prefix}:{${shard}}:owner:${JSON.stringify(owner)}`,
  };
}

/** FNV-1a, 32 bits: every node must come to the same number. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  }
  return sum >>> 0;
}
