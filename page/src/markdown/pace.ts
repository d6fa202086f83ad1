/** Limits how often a growing text renders. Times are in milliseconds. */
export interface Pace {
  /** Returns how long to wait before the next render. */
  waitMs(nowMs: number): number;
  /** Marks the start of a render. */
  begin(nowMs: number): void;
  /** Marks the end of a render, after layout and paint. The next render waits as long as this one took. */
  end(nowMs: number): void;
}

// A render that fits into a frame needs no wait.
const shortMs = 8;
const longestWaitMs = 500;

export function createPace(): Pace {
  let begunMs = 0;
  let dueMs = 0;
  return {
    waitMs: (nowMs) => Math.max(dueMs - nowMs, 0),
    begin(nowMs) {
      begunMs = nowMs;
    },
    end(nowMs) {
      const tookMs = nowMs - begunMs;
      dueMs = tookMs > shortMs ? nowMs + Math.min(tookMs, longestWaitMs) : 0;
    },
  };
}
