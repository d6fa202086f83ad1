/** The tool calls of one speaker. Maps the model's call ids to names that are unique in the turn. */
export interface SpeakerCalls {
  /**
   * Opens a call that the model started to write. It gets an id of its own if a call with the same id is
   * still waiting for its result.
   */
  open(vendorId: string, tool: string): SpeakerCall;
  find(vendorId: string): SpeakerCall | undefined;
  /** Returns the call of that id whose input is still being written. */
  findWriting(id: string): SpeakerCall | undefined;
  /** Forgets a call that has its result. */
  close(vendorId: string): void;
  /** The calls without a result, in the order they were opened. */
  pending(): readonly SpeakerCall[];
}

export interface SpeakerCall {
  readonly call: string;
  readonly tool: string;
  /** The id by which the SDK knows the call. */
  readonly vendorId: string;
  /** The id that the model gave it. Two calls of one answer may have the same. */
  readonly given: string;
  /** Whether its input is complete. */
  ready: boolean;
}

/** Starts the calls of a speaker. `nameFor` names a call of the model's id. */
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
