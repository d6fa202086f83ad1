/** Lets a bounded number of requests in at once. */
export interface Turnstile {
  /** Waits for a place, and returns the function that gives it back. */
  enter(most: number | undefined): Promise<() => void>;
}

export function createTurnstile(): Turnstile {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return {
    async enter(most = Infinity) {
      if (inside < most) inside += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return () => {
        const next = waiting.shift();
        if (next) next();
        else inside -= 1;
      };
    },
  };
}
