import type { Stop } from '../log/index.ts';
import { keepaliveComment } from './reader.ts';
import { maxHeld } from './sink.ts';
import type { Sink } from './sink.ts';

/** Keepalives that come within this time are one. */
const sameBeatMs = 1_000;

/** Begins to write to a sink; what it returns stops that. */
export type Opener = (sink: Sink) => Stop;

/**
 * Opens several streams on one sink, after `opening`. When one of them ends, all do: the client comes back for what there is then. Without any
 * it ends at once.
 */
export function openTogether(openers: readonly Opener[], opening: string, sink: Sink): Stop {
  const stops: Stop[] = [];
  const waiting = new Set<() => void>();
  let isOver = false;
  const stop = (): void => {
    isOver = true;
    for (const each of stops) each();
  };
  // One after the other, as long as there is room: all at once would each write as much as one may.
  const wakeSome = (): void => {
    for (const wake of waiting) {
      if (sink.held > maxHeld) return sink.drained(wakeSome);
      waiting.delete(wake);
      wake();
    }
  };
  let spokeAt = 0;
  const shared: Sink = {
    write: (text) => {
      if (isOver) return;
      // All of them are silent at once, and one of them says so.
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
  // One that ended while the others were being opened.
  if (isOver) stop();
  return stop;
}
