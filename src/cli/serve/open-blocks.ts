import { createBlocks } from 'heddle/server';
import type { Blocks } from 'heddle/server';

export interface OpenBlocks extends Blocks {
  close(): void;
}

const key = 'heddle:blocks';
/** How often a node reads the blocks that other nodes set, in milliseconds. */
const readMs = 2_000;

/**
 * Opens the blocks of owners: in Redis, shared by all nodes, or in this process without a URL. Each node
 * holds a copy, so no request waits for Redis. While Redis is away, blocked owners stay blocked.
 */
export async function openBlocks(redis: string | undefined): Promise<OpenBlocks> {
  if (redis === undefined) return { ...createBlocks(), close: () => {} };
  const { createClient } = await import('redis');
  const client = createClient({ url: redis, disableOfflineQueue: true, commandOptions: { timeout: 1_500 } });
  // The client reconnects by itself. A call to `block` meanwhile rejects.
  client.on('error', () => {});
  let untils: ReadonlyMap<string, number> = new Map();
  const read = async (): Promise<void> => {
    const found = await client.zRangeWithScores(key, Date.now(), '+inf', { BY: 'SCORE' });
    untils = new Map(found.map(({ value, score }) => [value, score]));
  };
  try {
    await client.connect();
    await read();
  } catch (error) {
    client.destroy();
    throw error;
  }
  const timer = setInterval(() => void read().catch(() => {}), readMs);
  return {
    async block(owner, ms) {
      const now = Date.now();
      await client.zAdd(key, { value: owner, score: now + ms });
      await client.zRemRangeByScore(key, 0, now);
      await read();
    },
    isBlocked: (owner) => (untils.get(owner) ?? 0) > Date.now(),
    close: () => {
      clearInterval(timer);
      client.destroy();
    },
  };
}
