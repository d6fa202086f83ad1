/**
 * Holds tools back until their calls stand in the log. The engine asks an adapter's generator for its next
 * event only when the `tool_use` before it can be read from the log. A vendor that runs tools by itself, ahead
 * of its reader, must wait here before each one.
 */
export interface ToolGate {
  /**
   * Resolves when the call may run: with true if it stands in the log, with false if the turn has ended without
   * it. A tool with the answer false must not run, if the vendor has a way to refuse it.
   */
  passed(id: string): Promise<boolean>;
  /** Lets a call pass. The adapter calls it when its generator is resumed after the call's `tool_use`. */
  taken(id: string): void;
  /** Ends the gate. The adapter calls it in `finally`, so that nothing waits for ever. */
  open(): void;
}

/** Creates the gate of one turn. Calls have the ids by which the adapter knows them. */
export function createGate(): ToolGate {
  const waiting = new Map<string, PromiseWithResolvers<boolean>>();
  let isOpen = false;
  const entryOf = (id: string): PromiseWithResolvers<boolean> => {
    const entry = waiting.get(id) ?? Promise.withResolvers<boolean>();
    waiting.set(id, entry);
    if (isOpen) entry.resolve(false);
    return entry;
  };
  return {
    passed: (id) => entryOf(id).promise,
    taken: (id) => entryOf(id).resolve(true),
    open() {
      isOpen = true;
      for (const { resolve } of waiting.values()) resolve(false);
    },
  };
}
