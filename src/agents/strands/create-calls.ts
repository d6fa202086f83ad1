/** The tool calls of one speaker, from the names its model gave them to names that are unique in the turn. */
export interface Calls {
  /** Names a call the model started to write. */
  open(vendorId: string, tool: string): Call;
  find(vendorId: string): Call | undefined;
  /** Forgets a call that has its result. */
  close(vendorId: string): void;
  /** The calls without a result, in the order they were opened. */
  pending(): readonly Call[];
}

export interface Call {
  readonly call: string;
  readonly tool: string;
  readonly vendorId: string;
  /** Its input is complete. */
  ready: boolean;
}

/**
 * Gives every call of a turn its own name: some providers count from `call_0` again in each answer, or give none at all. Calls
 * that an earlier turn told of get the name they had there.
 */
export function createNames(
  earlier: readonly (readonly [string, string])[] = [],
): (vendorId: string) => string {
  const kept = new Map(earlier);
  const used = new Set(kept.values());
  return (vendorId) => {
    const name = kept.get(vendorId);
    kept.delete(vendorId);
    return name ?? unused(vendorId);
  };
  function unused(vendorId: string): string {
    const base = vendorId === '' ? 'call' : vendorId;
    let name = base;
    for (let n = 2; used.has(name); n++) name = `${base}-${n}`;
    used.add(name);
    return name;
  }
}

export function createCalls(nameFor: (vendorId: string) => string): Calls {
  const calls = new Map<string, Call>();
  return {
    open(vendorId, tool) {
      const call = { call: nameFor(vendorId), tool, vendorId, ready: false };
      calls.set(vendorId, call);
      return call;
    },
    find: (vendorId) => calls.get(vendorId),
    close: (vendorId) => void calls.delete(vendorId),
    pending: () => [...calls.values()],
  };
}
