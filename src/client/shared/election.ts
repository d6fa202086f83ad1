export interface Election {
  /** Takes the lead from whoever has it: a tab that is frozen cannot give it up. */
  seize(): void;
  /** Gives up the lead, or the wait for it. */
  leave(): void;
}

/**
 * Stands for the lead among all tabs that do so under one name: one has it, the others wait until it goes. `lead` is called when this
 * tab has it; what it answers is called when the tab has it no more.
 */
export function standForElection(locks: LockManager, name: string, lead: () => () => void): Election {
  const leaving = new AbortController();
  const { signal } = leaving;
  let isLeading = false;

  function stand(options: LockOptions): void {
    let stop: (() => void) | undefined;
    const hold = (): Promise<void> =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        isLeading = true;
        stop = lead();
        signal.addEventListener('abort', () => resolve());
      });
    const end = (): void => {
      if (stop === undefined) return;
      isLeading = false;
      stop();
    };
    // It rejects where another tab seized the lead, or where the wait was given up. Who seized still waits in the line as well.
    locks.request(name, options, hold).then(end, () => {
      end();
      if (!signal.aborted && options.steal !== true) stand({ signal });
    });
  }
  stand({ signal });

  return {
    seize: () => {
      if (!isLeading && !signal.aborted) stand({ steal: true });
    },
    leave: () => leaving.abort(),
  };
}
