import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import { checkNumbers, timerRange } from '../protocol/internal.ts';
import { checkScript, checkServer } from './check-server.ts';
import type { RedisClient } from './client.ts';
import { toReason } from './failure.ts';
import { createHints } from './hints.ts';
import { createKeys } from './keys.ts';
import { createRedisLink } from './redis-link.ts';
import type { RedisCounts } from './redis-counts.ts';
import { createRedisCheckpoints } from './redis-checkpoints.ts';
import { createRedisLeases } from './redis-leases.ts';
import { createRedisLog } from './redis-log.ts';
import { createRedisSessions } from './redis-sessions.ts';
import { createRedisSnapshots } from './redis-snapshots.ts';

const hundredYearsMs = 3_155_760_000_000;

/** A store in Redis. */
export interface RedisStore extends Store {
  /** Returns what the store has counted since it was opened. */
  counts(): RedisCounts;
}

export interface RedisStoreOptions {
  /** The prefix of all keys and channels. @default 'heddle' */
  readonly prefix?: string;
  /** How many slots of a Cluster the sessions are spread over. It can never change afterwards. @default 64 */
  readonly shards?: number;
  /**
   * How long a session is kept after its last append, in milliseconds; up to an eighth longer. At least
   * 1,000.
   * @default forever
   */
  readonly expireMs?: number;
  /** How long the name of a dropped session stays taken, in milliseconds. @default 604_800_000 (a week) */
  readonly tombstoneMs?: number;
  /**
   * An append that must last (not the words of an answer) resolves only once this many replicas have it;
   * otherwise it rejects with `unavailable`. `timeoutMs` is in milliseconds and less than `commandMs`. Not in
   * a Cluster.
   * @default no wait
   */
  readonly wait?: { readonly replicas: number; readonly timeoutMs: number };
  /** How long a reader waits at most if a hint was lost, in milliseconds. @default 3_000 */
  readonly pollMs?: number;
  /**
   * How long a command may take, in milliseconds. After that it rejects with `unavailable`, and it is unknown
   * whether the server has done it.
   * @default 1_500
   */
  readonly commandMs?: number;
  /** How long to wait for the first connection, in milliseconds. @default 5_000 */
  readonly connectMs?: number;
  /**
   * Called with a sentence for each setting of the server that may lose data; the sentence contains the line
   * to change.
   * @default console.error
   */
  readonly onWarning?: (sentence: string) => void;
  /** Returns milliseconds since 1970, for tests. @default the server's clock */
  readonly now?: () => number;
}

/**
 * Opens a store in Redis (7 or later) or Valkey, which any number of nodes may share. It makes two
 * connections with the options of the given client, which need not be connected itself. Rejects with a
 * TypeError if an option is out of range. Rejects with an Error that says what to change if Redis cannot be
 * reached, is too old, or may evict keys.
 */
export async function redisStore(client: RedisClient, given: RedisStoreOptions = {}): Promise<RedisStore> {
  const options = checkTimes(given);
  const { prefix = 'heddle', shards = 64, expireMs = 0, tombstoneMs = 604_800_000, wait } = options;
  const { pollMs = 3_000, commandMs = 1_500, connectMs = 5_000, onWarning = console.error } = options;
  checkOptions(client, options, commandMs);
  const keys = createKeys(prefix, shards, client.isCluster);
  const now = (): string => (options.now === undefined ? '' : String(options.now()));

  let failure: unknown;
  let connections = 0;
  const connected = Promise.withResolvers<void>();
  const connection = client.open({
    onReady: () => {
      connections += 1;
      if (connection.isReady) connected.resolve();
      hints.wakeAll();
    },
    onMessage: (_, hint) => hints.hear(hint),
    onError: (error) => {
      failure = error;
    },
  });
  const link = createRedisLink(connection, { commandMs, wait, onRecovered: () => hints.wakeAll() });
  const hints = createHints({ connection, link, keys, pollMs });
  try {
    await within(
      connected.promise,
      connectMs,
      () => `Redis cannot be reached: ${failure === undefined ? 'it does not answer' : toReason(failure)}`,
    );
    await checkServer(link, keys, onWarning);
  } catch (error) {
    hints.close();
    await link.close();
    throw error instanceof RefusalError ? new Error(toReason(error.cause)) : error;
  }
  return {
    log: createRedisLog({ link, keys, hints, now, expireMs, tombstoneMs }),
    leases: createRedisLeases(link, keys, now),
    sessions: createRedisSessions(link, keys, now),
    snapshots: createRedisSnapshots(link, keys),
    checkpoints: createRedisCheckpoints(link, keys),
    check: async () => {
      await link.run(checkScript, [keys.check], [], true);
    },
    counts: () => ({
      isUp: link.isUp,
      reconnections: Math.max(0, connections - 2),
      sent: new Map(link.sent),
      hints: hints.heard,
      foundLate: hints.foundLate,
    }),
    close: () => {
      hints.close();
      return link.close();
    },
  };
}

/** Throws a TypeError if a number is out of range for Redis or a timer. */
function checkTimes(options: RedisStoreOptions): RedisStoreOptions {
  const checked = checkNumbers(options, {
    // In the scripts, 0 means never.
    expireMs: { least: 1_000, whole: true, infinity: 'for never', infinityIs: 0 },
    tombstoneMs: { least: 1, whole: true, infinity: 'for never', infinityIs: hundredYearsMs },
    pollMs: timerRange,
    // A write that waits for replicas gets `wait.timeoutMs` on top of this.
    commandMs: { least: 1, most: 2 ** 30 },
    connectMs: timerRange,
  });
  const { wait } = options;
  // A WAIT with timeout 0 would never end.
  if (wait)
    checkNumbers(wait, { replicas: { whole: true }, timeoutMs: { ...timerRange, whole: true } }, 'wait.');
  return checked;
}

/** Throws a TypeError if options do not fit together. */
function checkOptions({ isCluster }: RedisClient, { wait }: RedisStoreOptions, commandMs: number): void {
  if (wait === undefined) return;
  if (isCluster)
    throw new TypeError(
      'wait: a Cluster cannot wait for replicas; set min-replicas-to-write in redis.conf instead.',
    );
  // Commands on the same connection queue behind a WAIT.
  if (wait.timeoutMs >= commandMs)
    throw new TypeError(
      `wait: timeoutMs ${wait.timeoutMs} must be less than commandMs, which is ${commandMs}.`,
    );
}

async function within(promise: Promise<void>, ms: number, toSentence: () => string): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(toSentence())), ms);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
