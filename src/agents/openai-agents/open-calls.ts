import type { NamePair } from '../kit/index.ts';

/** A tool call of an agent without a result. A snapshot keeps those that wait for an approval. */
export interface OpenToolCall {
  /** The id by which the SDK knows the call. */
  readonly id: string;
  /** The name of the call in the events. */
  readonly call: string;
  readonly tool: string;
  /** The input; undefined while the model writes it. */
  readonly input: unknown;
  /** Whether it is a call of a function, and not of a computer, a shell or a patch. */
  readonly isFunction: boolean;
}

/** A call that the model made. */
export type MadeCall = Pick<OpenToolCall, 'id' | 'tool' | 'input' | 'isFunction'>;

/** The open calls of one speaker, in order. The model may give two calls the same id. */
export interface OpenToolCalls {
  /** Opens a call that the model begins to write. */
  start(id: string, tool: string): OpenToolCall;
  /** Returns the call with its input: the one that was begun, or a new one. */
  use(made: MadeCall): OpenToolCall;
  /** Closes the call of that id that has waited longest for its result, and returns it. */
  close(id: string): OpenToolCall | undefined;
  find(id: string): OpenToolCall | undefined;
  /** Forgets the calls that the model has not finished. It begins its answer again. */
  forgetBegun(): void;
  ready(): readonly OpenToolCall[];
}

/** Starts the calls of a speaker. `nameFor` names a call of the model's id. */
export function createOpenCalls(nameFor: (id: string) => string): OpenToolCalls {
  let calls: readonly OpenToolCall[] = [];
  const isReady = ({ input }: OpenToolCall): boolean => input !== undefined;
  const find = (id: string): OpenToolCall | undefined =>
    calls.find((call) => call.id === id && isReady(call));
  const open = (made: MadeCall): OpenToolCall => {
    const call = { ...made, call: nameFor(made.id) };
    calls = [...calls, call];
    return call;
  };
  return {
    find,
    start: (id, tool) => open({ id, tool, input: undefined, isFunction: true }),
    use(made) {
      const begun = calls.find((call) => call.id === made.id && !isReady(call));
      if (begun === undefined) return open(made);
      const used = { ...made, call: begun.call };
      calls = calls.map((call) => (call === begun ? used : call));
      return used;
    },
    close(id) {
      const closed = find(id);
      calls = calls.filter((call) => call !== closed);
      return closed;
    },
    forgetBegun() {
      calls = calls.filter(isReady);
    },
    ready: () => calls.filter(isReady),
  };
}

/** Returns the pairs of ids and names, so that calls keep their names in the turn that goes on. */
export function toCallPairs(calls: readonly OpenToolCall[]): readonly NamePair[] {
  return calls.map(({ id, call }) => [id, call]);
}
