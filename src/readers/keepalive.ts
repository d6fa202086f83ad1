/** A stream from the keepalive's point of view. */
export interface KeptReader {
  /** The tick of the last write. The stream sets it to the keepalive's `now` with each write. */
  spoke: number;
  /** The tick at which the stream is old and must end. */
  readonly oldAt: number;
  /** The slot in which the stream waits. Only the keepalive uses it. */
  slot: number;
  /** Sends a sign of life to the client. */
  beat: () => void;
  /** Ends the stream. Its client reconnects. */
  age(): void;
}

/**
 * Sends a comment to streams that have been silent, and ends streams that have grown old. All of them share
 * one timer.
 */
export interface Keepalive {
  readonly now: number;
  /** Returns the tick that comes `ms` milliseconds from now, at the earliest the next one. */
  tickAfter(ms: number): number;
  add(stream: KeptReader): void;
  delete(stream: KeptReader): void;
  close(): void;
}

/** How finely silence is measured. A beat comes at most an eighth of the interval early, and never late. */
const slices = 8;
/** The slot of a stream that has ended. */
const none = -1;

/**
 * Starts a keepalive. It is a wheel of slots, and each tick checks one slot. A write does not move its stream
 * to another slot: the stream is checked once per interval, and most checks find nothing to do. `intervalMs`
 * is the longest silence, `maxAgeMs` the shortest age that is measured.
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
      // `age` or `beat` may have ended the stream.
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
