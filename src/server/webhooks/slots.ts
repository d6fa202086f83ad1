/** The receiver and the owner that a slot is for. */
interface SlotPlace {
  readonly host: string;
  readonly owner: string;
}

/** Bounds how many things run at once, together and for one host. */
export interface Slots {
  /**
   * Runs `work` when there is room for its host. If several could run, the owner with the fewest at work
   * comes first, and then the first to come. So an owner with many slow receivers delays no other one for
   * long.
   */
  run<Value>(place: SlotPlace, work: () => Promise<Value>): Promise<Value>;
}

/** Creates slots: `total` together, `each` for one host. */
export function createSlots(total: number, each: number): Slots {
  const hosts = createTally();
  const owners = createTally();
  const waiting: (SlotPlace & { readonly start: () => void })[] = [];
  let count = 0;

  /** Returns the index of the next to run; -1 if none can. */
  const findNext = (): number => {
    let [next, fewest] = [-1, Infinity];
    for (const [index, { host, owner }] of waiting.entries()) {
      const running = owners.of(owner);
      if (running < fewest && hosts.of(host) < each) [next, fewest] = [index, running];
      if (fewest === 0) break;
    }
    return next;
  };
  const startMore = (): void => {
    while (count < total) {
      const at = findNext();
      const [next] = at < 0 ? [] : waiting.splice(at, 1);
      if (next === undefined) return;
      count += 1;
      hosts.add(next.host, 1);
      owners.add(next.owner, 1);
      next.start();
    }
  };
  return {
    async run({ host, owner }, work) {
      await new Promise<void>((start) => {
        waiting.push({ host, owner, start });
        startMore();
      });
      try {
        return await work();
      } finally {
        count -= 1;
        hosts.add(host, -1);
        owners.add(owner, -1);
        startMore();
      }
    },
  };
}

/** Creates a count for each name. It keeps no name whose count is 0. */
function createTally() {
  const counts = new Map<string, number>();
  const of = (name: string): number => counts.get(name) ?? 0;
  return {
    of,
    add(name: string, more: number): void {
      const count = of(name) + more;
      if (count === 0) counts.delete(name);
      else counts.set(name, count);
    },
  };
}
