import { createWatchers } from '../log/internal.ts';
import type { EventLog } from '../log/index.ts';
import type { RedisConnection } from './client.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';

/** Wakes a session's watchers after an append on any node. A hint means only that there may be news. */
export interface Hints {
  readonly watch: EventLog['watch'];
  /** Handles a hint: the head's version (empty after a drop), a space, and the session's name. */
  readonly hear: (hint: string) => void;
  /** Wakes all watchers, because hints may have been lost. */
  readonly wakeAll: () => void;
  /** How many hints came for sessions that were watched on this node. */
  readonly heard: number;
  /** How many times a look found an append before its hint came. */
  readonly foundLate: number;
  close(): void;
}

export interface HintsOptions {
  readonly connection: RedisConnection;
  readonly link: RedisLink;
  readonly keys: Keys;
  /** Milliseconds between polls of the watched sessions: a reader's longest wait if a hint is lost. */
  readonly pollMs: number;
}

interface Watched {
  /** The tag of the last append that `look` read; undefined before the first look. */
  tag: string | undefined;
  /** How many hints came since that look. */
  hints: number;
}

interface Shard {
  readonly watched: Map<string, Watched>;
  listening: boolean;
  changing: boolean;
}

/**
 * How many sessions one batch of a poll asks for. One node should not keep a server busy for longer than
 * about a millisecond.
 */
const pollSize = 500;

/**
 * Creates the hints. Each shard has one channel, and the node subscribes to it while it watches a session of
 * that shard. Every `pollMs` it also reads the last tag of each watched session, in case a hint was lost.
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
      // This request goes out before the watcher can have read the log. So if the tag differs later, there
      // may be something new to read.
      void look(shard, session).catch(() => {});
    } else shard.watched.delete(session);
    void attune(number, shard);
    if (!isClosed) timer ??= setTimeout(() => void poll(), pollMs);
  });

  /** Subscribes to the shard's channel, or unsubscribes, until this fits the watched sessions. */
  const attune = async (number: number, shard: Shard): Promise<void> => {
    if (shard.changing) return;
    shard.changing = true;
    const channel = keys.ofShard(number).hints;
    try {
      while (!isClosed && shard.watched.size > 0 !== shard.listening) {
        const listens = !shard.listening;
        await (listens ? connection.subscribe(channel) : connection.unsubscribe(channel));
        shard.listening = listens;
        // Appends made before the subscription sent no hint to this node.
        if (listens) await Promise.all([...shard.watched.keys()].map((session) => look(shard, session)));
      }
    } catch {
      // There is no connection. The next poll tries again.
    }
    shard.changing = false;
    if (shard.watched.size === 0 && !shard.listening) shards.delete(number);
  };

  /**
   * Reads the tag of the last append. Wakes the watchers if it has changed, or a hint came since the last
   * look.
   */
  const look = async (shard: Shard, session: string): Promise<void> => {
    const watched = shard.watched.get(session);
    if (watched === undefined) return;
    const { hints } = watched;
    const tag = String(await link.send(['HGET', keys.of(session).session, 'tag']));
    // A hint that came during the request may be newer than this tag. The next look reads the tag again.
    if (shard.watched.get(session) !== watched || watched.hints !== hints) return;
    // After a hint, wake even if the tag is unchanged. The readers may have read the hinted append, which the
    // last look did not see. If a failover then loses that append, the server has the old tag again.
    // Comparing tags alone would hide this, and the readers would never learn that their last entry is gone.
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
      // The server is out of reach. `wakeAll` runs when it is back.
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
