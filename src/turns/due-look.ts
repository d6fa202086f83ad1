import { reportError } from './report-error.ts';
import type { OnError } from './report-error.ts';

/** While looks fail one after the other, the error is reported once in this time, in milliseconds. */
const tellMs = 60_000;

/** A repeated look for work that is due. */
export interface DueLook {
  /** The error of the last look, if it failed. */
  readonly trouble: unknown;
  stop(): void;
}

/** Starts to look, at once and then every `everyMs` milliseconds. While a look runs, no other one begins. */
export function startLooking(
  look: () => Promise<void>,
  everyMs: number,
  onError: OnError | undefined,
): DueLook {
  let trouble: unknown;
  let toldAt = -Infinity;
  let isLooking = false;
  const run = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      await look();
      trouble = undefined;
      toldAt = -Infinity;
    } catch (error) {
      trouble = error ?? new Error('The look for due work failed.');
      if (performance.now() - toldAt < tellMs) return;
      toldAt = performance.now();
      reportError(
        onError,
        new Error('The store could not tell which turns are due; none is taken up.', { cause: error }),
      );
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => void run(), everyMs);
  void run();
  return {
    get trouble() {
      return trouble;
    },
    stop: () => clearInterval(timer),
  };
}
