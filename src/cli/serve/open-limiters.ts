import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { RateLimiter } from 'heddle/server';

/** Creates limiters of so many points in so many seconds. */
export interface Limiters {
  create(points: number, seconds: number): RateLimiter;
  close(): void;
}

/**
 * Opens limiters that count in Redis, for all nodes together, or in this process without a URL. While Redis
 * is away they reject at once.
 */
export async function openLimiters(redis: string | undefined): Promise<Limiters> {
  if (redis === undefined) {
    return { create: (points, duration) => new RateLimiterMemory({ points, duration }), close: () => {} };
  }
  const { createClient } = await import('redis');
  const storeClient = createClient({
    url: redis,
    disableOfflineQueue: true,
    commandOptions: { timeout: 1_500 },
  });
  // The client reconnects by itself. Calls reject meanwhile.
  storeClient.on('error', () => {});
  await storeClient.connect();
  return {
    create: (points, duration) =>
      new RateLimiterRedis({
        storeClient,
        points,
        duration,
        // Two limits of the same thing, for example per minute and per day, need separate counters.
        keyPrefix: `heddle:limit:${duration}`,
        useRedisPackage: true,
      }),
    close: () => storeClient.destroy(),
  };
}
