/** Counts the lines that wait for readers, and stops the source while there are too many. */
export interface BackPressure {
  /** Counts lines that came. */
  came(count: number): void;
  /** Counts lines that were taken, or dropped. */
  went(count: number): void;
}

export interface BackPressureOptions {
  /** Above this number of waiting lines the source is paused. It is resumed at half of it. */
  readonly most: number;
  readonly pause: () => void;
  readonly resume: () => void;
}

/** Creates the back pressure of one source. */
export function createBackPressure({ most, pause, resume }: BackPressureOptions): BackPressure {
  let waiting = 0;
  let isPaused = false;
  return {
    came(count) {
      waiting += count;
      if (isPaused || waiting <= most) return;
      isPaused = true;
      pause();
    },
    went(count) {
      waiting -= count;
      if (!isPaused || waiting > most / 2) return;
      isPaused = false;
      resume();
    },
  };
}
