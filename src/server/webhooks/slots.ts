/** Bounds how many things run at once, together and for one name. */
export interface Slots {
  /** Runs `work` when there is room for its name. The first to come is the first to run. */
  run<Value>(name: string, work: () => Promise<Value>): Promise<Value>;
}

/** Creates slots: `total` together, `each` for one name. */
export function createSlots(total: number, each: number): Slots {
  const running = new Map<string, number>();
  const waiting: { readonly name: string; readonly start: () => void }[] = [];
  let count = 0;

  const startMore = (): void => {
    while (count < total) {
      const at = waiting.findIndex(({ name }) => (running.get(name) ?? 0) < each);
      const [next] = at < 0 ? [] : waiting.splice(at, 1);
      if (next === undefined) return;
      count += 1;
      running.set(next.name, (running.get(next.name) ?? 0) + 1);
      next.start();
    }
  };
  const end = (name: string): void => {
    count -= 1;
    const left = (running.get(name) ?? 1) - 1;
    if (left === 0) running.delete(name);
    else running.set(name, left);
    startMore();
  };
  return {
    async run(name, work) {
      await new Promise<void>((start) => {
        waiting.push({ name, start });
        startMore();
      });
      try {
        return await work();
      } finally {
        end(name);
      }
    },
  };
}
