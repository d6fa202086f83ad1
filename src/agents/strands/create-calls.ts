/** The tool calls of one speaker, from the names its model gave them to names that are unique in the turn. */
export interface SpeakerCalls {
  /** Names a call the model started to write. Where a call of its id waits for its result, it gets an id of its own. */
  open(vendorId: string, tool: string): SpeakerCall;
  find(vendorId: string): SpeakerCall | undefined;
  /** The call of that id whose input is still being written. */
  findWriting(id: string): SpeakerCall | undefined;
  /** Forgets a call that has its result. */
  close(vendorId: string): void;
  /** The calls without a result, in the order they were opened. */
  pending(): readonly SpeakerCall[];
}

export interface SpeakerCall {
  readonly call: string;
  readonly tool: string;
  /** The id by which the SDK knows it. */
  readonly vendorId: string;
  /** The id that the model gave it: two calls of one answer may have the same. */
  readonly given: string;
  /** Its input is complete. */
  ready: boolean;
}

/**
 * Gives every call of a turn its own name: some providers count from `call_0` again in each answer, or give none at all. Calls
 * that an earlier turn told of get the name they had there.
 */
export function createCallNames(
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

export function createSpeakerCalls(nameFor: (vendorId: string) => string): SpeakerCalls {
  const calls = new Map<string, SpeakerCall>();
  return {
    open(given, tool) {
      const name = nameFor(given);
      // The SDK drops a call without an id.
      const vendorId = given === '' || calls.get(given)?.ready === true ? name : given;
      const call = { call: name, tool, vendorId, given, ready: false };
      calls.set(vendorId, call);
      return call;
    },
    find: (vendorId) => calls.get(vendorId),
    findWriting: (id) =>
      [...calls.values()].find(({ given, vendorId, ready }) => !ready && (vendorId === id || given === id)),
    close: (vendorId) => void calls.delete(vendorId),
    pending: () => [...calls.values()],
  };
}
