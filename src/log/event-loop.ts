/** How long work may go on without a turn of the event loop, in milliseconds. */
const sliceMs = 4;

/**
 * When the current work without a turn of the loop began. All work of the process shares it, because all work
 * shares the loop.
 */
let began: number | undefined;

/** Resolves after a turn of the event loop. Timers and sockets that are due run before it. */
export function nextLoopTurn(): Promise<void> {
  return new Promise((resolve) =>
    later(() => {
      began = undefined;
      resolve();
    }),
  );
}

/**
 * Limits work that waits only for settled promises. Such work blocks timers and sockets until it ends.
 * Returns a promise of a turn of the event loop if there was none for 4 ms. Otherwise returns undefined, and
 * the work continues at once.
 */
export function giveWay(): Promise<void> | undefined {
  const now = performance.now();
  if (began === undefined) {
    began = now;
    later(() => (began = undefined));
    return undefined;
  }
  return now - began < sliceMs ? undefined : nextLoopTurn();
}

/** Calls back in the next turn of the loop. Runtimes without `setImmediate` use a timer of 0 ms. */
function later(run: () => void): void {
  if (typeof setImmediate === 'function') setImmediate(run);
  else setTimeout(run, 0);
}
