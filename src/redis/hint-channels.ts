import type { RedisConnection } from './client.ts';
import type { Keys } from './keys.ts';

/** The channels by which the hints of a batch of shards come (`batches` of the keys, by number). */
export interface HintChannels {
  subscribe(batch: number): Promise<void>;
  unsubscribe(batch: number): Promise<void>;
}

/**
 * Creates the channels. The common channel is subscribed to last, and given up first. So the channel of a shard
 * never has fewer listeners than the common one, and if it has more, the append's script concludes that nodes
 * listen that know only the channels of shards.
 */
export function createHintChannels(connection: RedisConnection, keys: Keys): HintChannels {
  const ofShards = (batch: number): readonly string[] =>
    (keys.batches[batch] ?? []).map((shard) => keys.ofShard(shard).hints);
  return {
    async subscribe(batch) {
      await Promise.all(ofShards(batch).map((channel) => connection.subscribe(channel)));
      if (keys.hints !== undefined) await connection.subscribe(keys.hints);
    },
    async unsubscribe(batch) {
      if (keys.hints !== undefined) await connection.unsubscribe(keys.hints);
      await Promise.all(ofShards(batch).map((channel) => connection.unsubscribe(channel)));
    },
  };
}
