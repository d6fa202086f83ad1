import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { RateLimiter } from 'heddle/server';

/** Makes limiters of so many points in so many seconds. */
export interface Limiters {
  create(points: number, seconds: number): RateLimiter;
  close(): void;
}

/** Opens limiters that count in the Redis of a URL, for all nodes together; without one they count in this process. While Redis is away they cannot tell, and say so at once. */
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
  // It comes back by itself; who asks meanwhile is told.
  storeClient.on('error', () => {});
  await storeClient.connect();
  return {
    create: (points, duration) =>
      new RateLimiterRedis({
        storeClient,
        points,
        duration,
        // Limits of one thing, for a minute and for a day, are counted apart.
        keyPrefix: `heddle:limit:${duration}`,
        useRedisPackage: true,
      }),
    close: () => storeClient.destroy(),
  };
}
