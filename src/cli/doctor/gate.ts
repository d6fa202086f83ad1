/** Lets a bounded number of checks in at once. */
export interface CheckGate {
  /** Sets the bound. @default no bound */
  narrow(most: number): void;
  /** Calls `act` when there is a place. */
  pass<Value>(act: () => Promise<Value>): Promise<Value>;
}

/** Creates a gate without a bound. */
export function createCheckGate(): CheckGate {
  const waiting: (() => void)[] = [];
  let most = Infinity;
  let inside = 0;
  return {
    narrow: (count) => {
      most = Math.max(1, count);
    },
    async pass(act) {
      while (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      inside += 1;
      try {
        return await act();
      } finally {
        inside -= 1;
        waiting.shift()?.();
      }
    },
  };
}
