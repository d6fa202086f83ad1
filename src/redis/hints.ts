import { createWatchers } from '../log/internal.ts';
import type { EventLog } from '../log/index.ts';
import type { RedisConnection } from './client.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';

/** Wakes a session's watchers after an append on any node. A hint means only that there may be news. */
export interface Hints {
  readonly watch: EventLog['watch'];
  /** Handles a message: for each hint a line with the head's version, a space, and the session's name. */
  readonly hear: (message: string) => void;
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

/** Sessions whose hints come by the same channel: all, or in a Cluster those of one shard. */
interface Circle {
  readonly watched: Map<string, Watched>;
  /** Whether the node listens to the channel; undefined while this changes, and if the change failed. */
  listens: boolean | undefined;
  changing: boolean;
}

/**
 * How many sessions one batch of a poll asks for. One node should not keep a server busy for longer than
 * about a millisecond.
 */
const pollSize = 500;

/**
 * Creates the hints. The node subscribes to the channel of a circle while it watches a session of it. Every
 * `pollMs` it also reads the last tag of each watched session, in case a hint was lost.
 */
export function createHints({ connection, link, keys, pollMs }: HintsOptions): Hints {
  const circles = new Map<number, Circle>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  let heard = 0;
  let foundLate = 0;

  const watchers = createWatchers((session) => {
    const number = keys.batchOf(session);
    const circle = circles.get(number) ?? { watched: new Map(), listens: false, changing: false };
    if (watchers.has(session) === circle.watched.has(session)) return;
    circles.set(number, circle);
    if (watchers.has(session)) {
      circle.watched.set(session, { tag: undefined, hints: 0 });
      // This request goes out before the watcher can have read the log. So if the tag differs later, there
      // may be something new to read.
      void look(circle, session).catch(() => {});
    } else circle.watched.delete(session);
    void attune(number, circle);
    if (!isClosed) timer ??= setTimeout(() => void poll(), pollMs);
  });

  /** Subscribes to the channel of a circle, or unsubscribes, until this fits the watched sessions. */
  const attune = async (number: number, circle: Circle): Promise<void> => {
    if (circle.changing) return;
    circle.changing = true;
    const channel = keys.hintsOf(number);
    try {
      while (!isClosed && circle.watched.size > 0 !== circle.listens) {
        const listens = circle.watched.size > 0;
        circle.listens = undefined;
        await (listens ? connection.subscribe(channel) : connection.unsubscribe(channel));
        circle.listens = listens;
        // Appends made before the subscription sent no hint to this node.
        if (listens) await Promise.all([...circle.watched.keys()].map((session) => look(circle, session)));
      }
    } catch {
      // There is no connection. The next poll tries again.
    }
    circle.changing = false;
    if (circle.watched.size === 0 && circle.listens === false) circles.delete(number);
  };

  /**
   * Reads the tag of the last append. Wakes the watchers if it has changed, or a hint came since the last
   * look.
   */
  const look = async (circle: Circle, session: string): Promise<void> => {
    const watched = circle.watched.get(session);
    if (watched === undefined) return;
    const { hints } = watched;
    const tag = String(await link.send(['HGET', keys.of(session).session, 'tag']));
    // A hint that came during the request may be newer than this tag. The next look reads the tag again.
    if (circle.watched.get(session) !== watched || watched.hints !== hints) return;
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
    const all = [...circles].flatMap(([number, circle]) => {
      void attune(number, circle);
      return [...circle.watched.keys()].map((session) => () => look(circle, session));
    });
    try {
      for (let start = 0; start < all.length; start += pollSize)
        await Promise.all(all.slice(start, start + pollSize).map((ask) => ask()));
    } catch {
      // The server is out of reach. `wakeAll` runs when it is back.
    }
    timer = isClosed || circles.size === 0 ? undefined : setTimeout(() => void poll(), pollMs);
  };

  return {
    watch: watchers.watch,
    hear: (message) => {
      for (const hint of message.split('\n')) {
        const at = hint.indexOf(' ');
        const session = hint.slice(at + 1);
        const watched = circles.get(keys.batchOf(session))?.watched.get(session);
        if (watched === undefined) continue;
        watched.hints += 1;
        heard += 1;
        // A drop has no version.
        watchers.wake(session, at > 0 ? Number(hint.slice(0, at)) : undefined);
      }
    },
    wakeAll: () => {
      for (const { watched } of circles.values())
        for (const session of watched.keys()) watchers.wake(session);
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
