import type { Stop } from '../log/index.ts';
import { keepaliveComment } from './reader.ts';
import { maxHeld } from './sink.ts';
import type { Sink } from './sink.ts';

/** A keepalive is left out if the sink got any text within this time, in milliseconds. */
const sameBeatMs = 1_000;

/** Begins to write to a sink. The returned function stops it. */
export type Opener = (sink: Sink) => Stop;

/**
 * Opens several streams on one sink, after it writes `opening`. When one stream ends, all end: the client
 * then reconnects. Without any openers, the sink ends at once.
 */
export function openTogether(openers: readonly Opener[], opening: string, sink: Sink): Stop {
  const stops: Stop[] = [];
  const waiting = new Set<() => void>();
  let isOver = false;
  const stop = (): void => {
    isOver = true;
    for (const each of stops) each();
  };
  // Wakes one stream after the other while the sink has room. If all woke at once, each would write as much
  // as one stream may.
  const wakeSome = (): void => {
    for (const wake of waiting) {
      if (sink.held > maxHeld) return sink.drained(wakeSome);
      waiting.delete(wake);
      wake();
    }
  };
  let spokeAt = 0;
  const shared: Sink = {
    // Own fields of the sink that are not replaced below pass through.
    ...sink,
    write: (text) => {
      if (isOver) return;
      // All streams send their keepalives at about the same time. One is enough.
      const now = performance.now();
      if (text === keepaliveComment && now - spokeAt < sameBeatMs) return;
      spokeAt = now;
      sink.write(text);
    },
    get held() {
      return sink.held;
    },
    drained: (wake) => {
      waiting.add(wake);
      if (waiting.size === 1) sink.drained(wakeSome);
    },
    close: (how) => {
      if (isOver) return;
      stop();
      sink.close(how);
    },
  };
  sink.write(opening);
  if (openers.length === 0) shared.close('end');
  for (const open of openers) if (!isOver) stops.push(open(shared));
  // One stream ended while the others were being opened.
  if (isOver) stop();
  return stop;
}
