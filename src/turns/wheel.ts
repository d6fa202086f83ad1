/** Calls back later, with one timer for everything that is due at about the same time. */
export interface Wheel {
  /** Calls `run` once: within `ms` milliseconds from now, and at most one slot of the wheel earlier. */
  after(ms: number, run: () => void): void;
}

/**
 * Creates a wheel whose slots are `slotMs` long. Everything in a slot is called in one go. So its writes go
 * to the store as one group, and the readers get them together.
 */
export function createWheel(slotMs: number): Wheel {
  /** The calls that are due, by the number of the slot. A slot is due when it begins. */
  const slots = new Map<number, (() => void)[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The slot that the timer waits for. */
  let next = Infinity;

  const arm = (): void => {
    clearTimeout(timer);
    next = Math.min(...slots.keys());
    timer = next === Infinity ? undefined : setTimeout(turn, Math.max(0, next * slotMs - performance.now()));
  };
  const turn = (): void => {
    // A timer may be early by up to a millisecond.
    const now = Math.floor((performance.now() + 1) / slotMs);
    const due = [...slots].filter(([slot]) => slot <= now).toSorted(([one], [other]) => one - other);
    for (const [slot] of due) slots.delete(slot);
    arm();
    for (const [, runs] of due) for (const run of runs) run();
  };

  return {
    after(ms, run) {
      // Rounded down, so that nothing comes late.
      const slot = Math.floor((performance.now() + ms) / slotMs);
      const runs = slots.get(slot);
      if (runs !== undefined) return void runs.push(run);
      slots.set(slot, [run]);
      if (slot < next) arm();
    },
  };
}
