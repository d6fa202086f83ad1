import type { StoreCall, StoreOutcome } from './calls.ts';

/** Deletes what trims and drops left behind, between the groups of the store. */
export interface Sweeper {
  /** Deletes a slice now, because something was just left. */
  wake(): void;
  close(): void;
}

/** The rows of a slice. A slice takes a few milliseconds, and the calls of the store wait for it. */
export const sliceRows = 500;
/** How often the sweeper looks without being woken, in milliseconds: other processes leave rows too. */
const lookMs = 60_000;
/** How long it waits after a slice that failed, in milliseconds. */
const retryMs = 1_000;

/**
 * Creates the sweeper and starts it. `run` runs a group of calls. After `tombstoneMs` milliseconds, the name
 * of a dropped session is free.
 */
export function createSweeper(
  run: (requests: readonly StoreCall[]) => readonly StoreOutcome[],
  tombstoneMs: number,
): Sweeper {
  let rows = sliceRows;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Deletes a slice. Returns how long to wait before the next one, in milliseconds. */
  const sweep = (): number => {
    const startedAt = performance.now();
    const [outcome] = run([{ name: 'sweep', args: { rows, droppedUntil: Date.now() - tombstoneMs } }]);
    if (outcome === undefined || 'refused' in outcome) {
      // Deleting takes room too. A smaller slice takes less.
      rows = Math.max(1, Math.floor(rows / 4));
      return retryMs;
    }
    rows = Math.min(sliceRows, rows * 2);
    // At least half of the time is left to the calls of the store.
    return outcome.value === true ? performance.now() - startedAt : Math.min(lookMs, tombstoneMs);
  };

  const wake = (): void => {
    clearTimeout(timer);
    timer = setTimeout(wake, sweep());
  };

  timer = setTimeout(wake);
  return { wake, close: () => clearTimeout(timer) };
}
