export interface Election {
  /** Takes the lead from the current leader. A frozen tab cannot give it up. */
  seize(): void;
  /** Gives up the lead, or the wait for it. */
  leave(): void;
}

/**
 * How long to wait after a lock was refused, in milliseconds. Without it, a page would only request locks.
 */
const refusedMs = 5_000;

/**
 * Competes for the lead among all tabs that use one name. One tab has it, and the others wait until it
 * leaves. `lead` is called when this tab gets the lead. The function it returns is called when this tab no
 * longer has it.
 */
export function standForElection(locks: LockManager, name: string, lead: () => () => void): Election {
  const leaving = new AbortController();
  const { signal } = leaving;
  let isLeading = false;
  let again: ReturnType<typeof setTimeout> | undefined;

  function stand(options: LockOptions): void {
    let stop: (() => void) | undefined;
    const hold = (): Promise<void> =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        stop = lead();
        isLeading = true;
        signal.addEventListener('abort', () => resolve());
      });
    const end = (): void => {
      if (stop === undefined) return;
      isLeading = false;
      stop();
    };
    const onRejected = (): void => {
      end();
      if (signal.aborted || options.steal === true) return;
      // If the lock was held, another tab seized it, and this tab waits again. Otherwise it was refused.
      if (stop !== undefined) return stand({ signal });
      again = setTimeout(() => stand({ signal }), refusedMs);
      // In Node a timer would keep the process alive.
      if (typeof again === 'object') again.unref();
    };
    // A refusing `request` may also throw.
    new Promise((resolve) => resolve(locks.request(name, options, hold))).then(end, onRejected);
  }
  stand({ signal });

  return {
    seize: () => {
      if (!isLeading && !signal.aborted) stand({ steal: true });
    },
    leave: () => {
      clearTimeout(again);
      leaving.abort();
    },
  };
}
