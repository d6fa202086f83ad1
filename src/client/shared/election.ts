export interface Election {
  /** Takes the lead from whoever has it: a tab that is frozen cannot give it up. */
  seize(): void;
  /** Gives up the lead, or the wait for it. */
  leave(): void;
}

/** How long to wait after a lock was refused: asked for at once and again, a page would do nothing else for ever. */
const refusedMs = 5_000;

/**
 * Stands for the lead among all tabs that do so under one name: one has it, the others wait until it goes. `lead` is called when this
 * tab has it; what it answers is called when the tab has it no more.
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
      // Another tab seized the lead: it goes back into the line. What was never held was refused.
      if (stop !== undefined) return stand({ signal });
      again = setTimeout(() => stand({ signal }), refusedMs);
      // In Node a timer would keep the process alive.
      if (typeof again === 'object') again.unref();
    };
    // What refuses may throw as well.
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
