import type { Agent } from '../../protocol/index.ts';

/**
 * Stages an adapter for the contract: it knows how to script the vendor, and to look at what the vendor was
 * given.
 */
export interface Oracle {
  /**
   * Creates an adapter's agent whose vendor follows a script. Each call is a new process: the agent knows
   * nothing of an earlier one. Throws an error if the vendor cannot do what the script has.
   */
  readonly stage: (script: Script) => {
    readonly agent: Agent;
    /** Returns the conversations that the model was given, one for each of its answers. */
    readonly given: () => readonly (readonly GivenMessage[])[];
  };
  /** The code of the failure when the model is busy. */
  readonly busy: string;
  /** The checks that the adapter cannot pass, by name, each with a sentence that says why. They must fail. */
  readonly cannot?: Readonly<Record<string, string>>;
}

/** A message that a model was given. The text of a `tool` message is the call's output. */
export interface GivenMessage {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly text: string;
}

/** The answers of a model, one for each time that it is asked, and the tools that it may call. */
export interface Script {
  readonly answers: readonly (readonly Line[])[];
  readonly tools?: readonly ScriptedTool[];
}

/** One thing that a model does in an answer. An answer with calls is followed by the next answer. */
export type Line =
  | { readonly text: string }
  | { readonly reasoning: string }
  | { readonly tool: string; readonly id: string; readonly input?: Readonly<Record<string, unknown>> }
  | { readonly usage: readonly [input: number, output: number] }
  /** Fails with these words in the vendor's error: because the model is busy, or for an odd reason. */
  | { readonly fail: 'busy' | 'odd'; readonly words: string }
  /** Breaks off in such a way that the vendor drops this answer and asks again. */
  | { readonly broken: true }
  /** Says nothing more until the turn is cancelled. */
  | { readonly hang: true };

export interface ScriptedTool {
  readonly name: string;
  /**
   * The reason for which a call needs an approval, if it needs one. If it is denied, the tool does not run, and
   * the model is told the reason that the decision gives.
   */
  readonly asks?: string;
  /** Yields the progress and returns the output. Throws if the tool fails. */
  readonly run: (input: unknown, signal: AbortSignal) => AsyncGenerator<string, string, undefined>;
}
