import { createWatchers } from '../log/internal.ts';
import type { EventLog } from '../log/index.ts';
import type { RedisConnection } from './client.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';

/** Wakes who waits for a session when somebody wrote, on whatever node. */
export interface Hints {
  readonly watch: EventLog['watch'];
  /** Takes a hint that was heard: after an append the head's version, a space, and the session's name. */
  readonly hear: (hint: string) => void;
  /** Wakes all: hints may have been missed. */
  readonly wakeAll: () => void;
  /** Hints of sessions that somebody waited for here. */
  readonly heard: number;
  /** Appends that were found by a look, and not by their hint. */
  readonly foundLate: number;
  close(): void;
}

export interface HintsOptions {
  readonly connection: RedisConnection;
  readonly link: RedisLink;
  readonly keys: Keys;
  /** How often those that are watched are looked at: what a reader waits at most where its hint was lost. */
  readonly pollMs: number;
}

interface Watched {
  /** Of the last append, when it was looked at. */
  tag: string | undefined;
  /** How many hints came since. */
  hints: number;
}

interface Shard {
  readonly watched: Map<string, Watched>;
  listening: boolean;
  changing: boolean;
}

/** Sessions asked for at a time: a server should not be kept busy by one node for longer than about a millisecond. */
const pollSize = 500;

/**
 * Creates the hints: a channel a shard, listened to while somebody here waits for a session of it, and a look at the ends of those logs every now and
 * then. A hint says only that it is worth reading.
 */
export function createHints({ connection, link, keys, pollMs }: HintsOptions): Hints {
  const shards = new Map<number, Shard>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  let heard = 0;
  let foundLate = 0;

  const watchers = createWatchers((session) => {
    const number = keys.shardOf(session);
    const shard = shards.get(number) ?? { watched: new Map(), listening: false, changing: false };
    if (watchers.has(session) === shard.watched.has(session)) return;
    shards.set(number, shard);
    if (watchers.has(session)) {
      shard.watched.set(session, { tag: undefined, hints: 0 });
      // Asked before the watcher can have read anything: what differs from it later may be news.
      void look(shard, session).catch(() => {});
    } else shard.watched.delete(session);
    void attune(number, shard);
    if (!isClosed) timer ??= setTimeout(() => void poll(), pollMs);
  });

  /** Listens to a shard, or no more, until it is as it should be. */
  const attune = async (number: number, shard: Shard): Promise<void> => {
    if (shard.changing) return;
    shard.changing = true;
    const channel = keys.ofShard(number).hints;
    try {
      while (!isClosed && shard.watched.size > 0 !== shard.listening) {
        const listens = !shard.listening;
        await (listens ? connection.subscribe(channel) : connection.unsubscribe(channel));
        shard.listening = listens;
        // What was written before the server began to tell.
        if (listens) await Promise.all([...shard.watched.keys()].map((session) => look(shard, session)));
      }
    } catch {
      // There is no connection: the next poll tries again.
    }
    shard.changing = false;
    if (shard.watched.size === 0 && !shard.listening) shards.delete(number);
  };

  /** Looks at the end of a log, and wakes where it is not as it was the last time. */
  const look = async (shard: Shard, session: string): Promise<void> => {
    const watched = shard.watched.get(session);
    if (watched === undefined) return;
    const { hints } = watched;
    const tag = String(await link.send(['HGET', keys.of(session).session, 'tag']));
    // A hint that came meanwhile is newer, and the next look will be.
    if (shard.watched.get(session) !== watched || watched.hints !== hints) return;
    // After a hint the readers are further than what was seen here: were that lost in a failover, the old end would look like no news.
    const isMoved = watched.tag !== undefined && watched.tag !== tag;
    const isNews = hints > 0 || isMoved;
    if (hints === 0 && isMoved) foundLate += 1;
    Object.assign(watched, { tag, hints: 0 });
    if (isNews) watchers.wake(session);
  };
  const poll = async (): Promise<void> => {
    const all = [...shards].flatMap(([number, shard]) => {
      void attune(number, shard);
      return [...shard.watched.keys()].map((session) => () => look(shard, session));
    });
    try {
      for (let start = 0; start < all.length; start += pollSize)
        await Promise.all(all.slice(start, start + pollSize).map((ask) => ask()));
    } catch {
      // Out of reach; who waits is woken when it is back.
    }
    timer = isClosed || shards.size === 0 ? undefined : setTimeout(() => void poll(), pollMs);
  };

  return {
    watch: watchers.watch,
    hear: (hint) => {
      const at = hint.indexOf(' ');
      const session = hint.slice(at + 1);
      const watched = shards.get(keys.shardOf(session))?.watched.get(session);
      if (watched === undefined) return;
      watched.hints += 1;
      heard += 1;
      watchers.wake(session, at > 0 ? Number(hint.slice(0, at)) : undefined);
    },
    wakeAll: () => {
      for (const { watched } of shards.values()) for (const session of watched.keys()) watchers.wake(session);
    },
    get heard() {
      return heard;
    },
    get foundLate() {
      return foundLate;
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
