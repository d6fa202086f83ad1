/**
 * Holds tools back until their calls stand in the log. The engine asks an adapter's generator for its next
 * event only when the `tool_use` before it can be read from the log. A vendor that runs tools by itself, ahead
 * of its reader, must wait here before each one.
 */
export interface ToolGate {
  /**
   * Resolves when the call may run: with true if it stands in the log, with false if the turn ended without
   * it. With false the tool must not run, if the vendor has a way to refuse it.
   */
  passed(id: string): Promise<boolean>;
  /**
   * Lets one call of that id pass. The adapter calls it when its generator is resumed after the call's
   * `tool_use`. It lets one pass and not all, because some providers give each call the same id. A vendor that
   * runs a call a second time needs a second `taken`.
   */
  taken(id: string): void;
  /** Ends the gate. The adapter calls it in `finally`, so that nothing waits for ever. */
  open(): void;
}

/** Creates the gate of one turn. Calls have the ids by which the vendor knows them. */
export function createGate(): ToolGate {
  /** The calls that were taken and have not passed yet. */
  const taken: string[] = [];
  const waiting: { readonly id: string; readonly resolve: (mayRun: boolean) => void }[] = [];
  let isOpen = false;
  return {
    passed(id) {
      const index = taken.indexOf(id);
      if (index !== -1) taken.splice(index, 1);
      if (index !== -1 || isOpen) return Promise.resolve(index !== -1);
      return new Promise((resolve) => void waiting.push({ id, resolve }));
    },
    taken(id) {
      const index = waiting.findIndex((each) => each.id === id);
      const [first] = index === -1 ? [] : waiting.splice(index, 1);
      if (first) first.resolve(true);
      else taken.push(id);
    },
    open() {
      isOpen = true;
      for (const { resolve } of waiting.splice(0)) resolve(false);
    },
  };
}
