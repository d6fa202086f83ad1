import type { Rate, RateLimiter } from 'heddle/server';
import type { LimitOptions } from './read-limits.ts';

/** Rates with their limiters. */
interface OpenRates {
  readonly rates: readonly Rate[];
  close(): void;
}

/**
 * Opens a limiter for each rate. It counts in Redis, for all nodes together, or in this process without a
 * URL. While Redis is away it rejects at once.
 */
export async function openLimiters(
  limits: LimitOptions['rates'],
  redis: string | undefined,
): Promise<OpenRates> {
  if (limits.length === 0) return { rates: [], close: () => {} };
  const { RateLimiterMemory, RateLimiterRedis } = await import('rate-limiter-flexible');
  const toRates = (create: (points: number, duration: number) => RateLimiter): readonly Rate[] =>
    limits.map(({ of, per, points, seconds }) => ({ of, per, limiter: create(points, seconds) }));
  if (redis === undefined) {
    const rates = toRates((points, duration) => new RateLimiterMemory({ points, duration }));
    return { rates, close: () => {} };
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
  const rates = toRates(
    (points, duration) =>
      new RateLimiterRedis({
        storeClient,
        points,
        duration,
        // Two limits of the same thing, for example per minute and per day, need separate counters.
        keyPrefix: `heddle:limit:${duration}`,
        useRedisPackage: true,
      }),
  );
  return { rates, close: () => storeClient.destroy() };
}
