/**
 * Keeps a text that grows from being rendered more often than there is time for. Times are in milliseconds.
 */
export interface Pace {
  /** How long to wait until it may be rendered again. */
  waitMs(nowMs: number): number;
  /** Rendering begins. */
  begin(nowMs: number): void;
  /** It is rendered, set and painted: as long as that took, the page is left to its reader. */
  end(nowMs: number): void;
}

// Where a frame has time for it, there is nothing to gain.
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
