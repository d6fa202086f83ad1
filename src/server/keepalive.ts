import type { Stop } from '../log/index.ts';

/** Sends a comment down streams that have been silent: one timer for all of them. */
export interface Keepalive {
  /** Calls `beat` whenever the stream was silent for the interval; `touch` says that it was not. */
  add(beat: () => void): { touch(): void; stop: Stop };
  close(): void;
}

/** How finely silence is measured: a beat comes at most an eighth of the interval early, and never late. */
const slices = 8;

/** Starts a keepalive; `intervalMs` is the longest silence. */
export function createKeepalive(intervalMs: number): Keepalive {
  const streams = new Set<{ beat: () => void; silent: number }>();
  const timer = setInterval(() => {
    for (const stream of streams) {
      stream.silent += 1;
      if (stream.silent >= slices) {
        stream.silent = 0;
        stream.beat();
      }
    }
  }, intervalMs / slices);

  return {
    add: (beat) => {
      const stream = { beat, silent: 0 };
      streams.add(stream);
      return {
        touch: () => {
          stream.silent = 0;
        },
        stop: () => void streams.delete(stream),
      };
    },
    close: () => clearInterval(timer),
  };
}
