/** A stream as the keepalive sees it. */
export interface KeptReader {
  /** When something was written last, in ticks of the keepalive: whoever writes sets it to `now`. */
  spoke: number;
  /** The tick at which the stream has grown old. */
  readonly oldAt: number;
  /** The slot it waits in; the keepalive's own. */
  slot: number;
  /** Says that the stream is still there. */
  beat: () => void;
  /** Ends it, for its client to come back. */
  age(): void;
}

/** Sends a comment down streams that have been silent, and ends those that have grown old: one timer for all of them. */
export interface Keepalive {
  readonly now: number;
  /** The tick after `ms`; never before the next one. */
  tickAfter(ms: number): number;
  add(stream: KeptReader): void;
  delete(stream: KeptReader): void;
  close(): void;
}

/** How finely silence is measured: a beat comes at most an eighth of the interval early, and never late. */
const slices = 8;
/** The slot of a stream that has ended. */
const none = -1;

/**
 * Starts a keepalive: a wheel of slots, one of which is looked at each tick. A stream that spoke is not moved, but looked at in vain once an interval.
 * `intervalMs` is the longest silence, `maxAgeMs` the shortest age that is measured.
 */
export function createKeepalive(intervalMs: number, maxAgeMs: number): Keepalive {
  const tickMs = Math.min(intervalMs, maxAgeMs) / slices;
  const silence = Math.floor(intervalMs / tickMs);
  const wheel = Array.from({ length: slices + 1 }, () => new Set<KeptReader>());
  let now = 0;

  const put = (stream: KeptReader): void => {
    const ticks = Math.min(stream.spoke + silence, stream.oldAt) - now;
    stream.slot = (now + Math.min(Math.max(ticks, 1), slices)) % wheel.length;
    wheel[stream.slot]?.add(stream);
  };

  const timer = setInterval(() => {
    now += 1;
    const slot = now % wheel.length;
    const due = wheel[slot];
    wheel[slot] = new Set();
    for (const stream of due ?? []) {
      if (stream.slot === none) continue;
      if (stream.oldAt <= now) {
        stream.age();
      } else if (stream.spoke + silence <= now) {
        stream.spoke = now;
        stream.beat();
      }
      // It may have ended by that.
      if (stream.slot !== none) put(stream);
    }
  }, tickMs);

  return {
    get now() {
      return now;
    },
    tickAfter: (ms) => now + Math.max(1, Math.round(ms / tickMs)),
    add: put,
    delete: (stream) => {
      wheel[stream.slot]?.delete(stream);
      stream.slot = none;
    },
    close: () => clearInterval(timer),
  };
}
