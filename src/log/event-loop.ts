/** Work gives way when it has gone on for this long without a turn of the event loop, in milliseconds. */
const sliceMs = 4;

/** When the work began that goes on without a turn of the loop; shared by all work of the process, because the loop is. */
let began: number | undefined;

/** Resolves after a turn of the event loop: timers and sockets that are due are served before it. */
export function nextLoopTurn(): Promise<void> {
  return new Promise((resolve) =>
    later(() => {
      began = undefined;
      resolve();
    }),
  );
}

/**
 * Bounds work that only waits for promises that are settled already: such work keeps timers and sockets waiting until it ends.
 * Returns a promise of a turn of the event loop where there was none for 4 ms; else undefined, and the work goes on at once.
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

/** Calls back in the next turn of the loop. Runtimes without `setImmediate` have a timer of 0 ms. */
function later(run: () => void): void {
  if (typeof setImmediate === 'function') setImmediate(run);
  else setTimeout(run, 0);
}
