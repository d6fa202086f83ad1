/** Turns the watch of the file on and off. */
export interface WatchSwitch {
  /** Turns the watch on at once, or off after a pause. */
  set(isNeeded: boolean): void;
  /** Turns nothing any more. */
  close(): void;
}

/**
 * How long the watch stays on after its last watcher has left, in milliseconds. Readers come and go, and to
 * start the watch costs the worker more than some checks of the file.
 */
const pauseMs = 2_000;

/** Creates the switch. `turn` gets each change. The watch is off at first. */
export function createWatchSwitch(turn: (on: boolean) => void): WatchSwitch {
  let isOn = false;
  let isClosed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turnOff = (): void => {
    timer = undefined;
    isOn = false;
    turn(false);
  };
  const keepOn = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    set(isNeeded) {
      if (isClosed) return;
      if (isNeeded) {
        keepOn();
        if (!isOn) turn(true);
        isOn = true;
      } else if (isOn) {
        timer ??= setTimeout(turnOff, pauseMs);
      }
    },
    close() {
      isClosed = true;
      keepOn();
    },
  };
}
