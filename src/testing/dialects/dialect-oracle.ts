import type { Agent } from '../../protocol/index.ts';

/**
 * A real client of a dialect, as a driver that the checks of `dialectContract` use. One driver is one page: a
 * new one knows nothing of the conversation.
 */
export interface DialectClient {
  /**
   * Sends a text. Resolves when the client takes the answer for complete, or waits for approvals. Rejects when
   * the client shows an error.
   */
  send(text: string): Promise<void>;
  /**
   * Loads the conversation as a page does that was opened anew, and resumes an open answer to its end. Rejects
   * when the client shows an error.
   */
  load(): Promise<void>;
  /** Answers all open approvals, and resolves as `send` does. */
  answer(isApproved: boolean): Promise<void>;
  /** Stops the open answer, as the client's users do. */
  stop(): Promise<void>;
  /** Replaces the last message of the user, and resolves as `send` does. */
  edit(text: string): Promise<void>;
  /** Returns the conversation as the client shows it now. */
  shown(): readonly ShownExchange[];
  /** Closes the page. It ends its connections and stops nothing else. */
  close(): void | Promise<void>;
}

/** One message of a user and all that was answered to it, however the client divides it. */
export interface ShownExchange {
  readonly said: string;
  /** The agent's text, joined without separators. */
  readonly text: string;
  /** The agent's reasoning, likewise. */
  readonly reasoning: string;
  /** The tool calls in their order. A call that was asked about and made again counts once. */
  readonly tools: readonly ShownTool[];
}

export interface ShownTool {
  readonly tool: string;
  readonly input: unknown;
  /** `waiting`: the client offers to answer an approval of the call. */
  readonly status: 'ok' | 'error' | 'waiting' | 'open';
  /** The output of a call that succeeded. */
  readonly output?: unknown;
}

/** The names of the checks. */
export type DialectCheckName =
  | 'plain'
  | 'reasoning'
  | 'tool'
  | 'failed tool'
  | 'approved'
  | 'denied'
  | 'dismissed'
  | 'answered on another page'
  | 'failed'
  | 'stopped'
  | 'queue'
  | 'edit'
  | 'retracted'
  | 'replaced'
  | 'loaded as streamed'
  | 'two pages'
  | 'cut by resets'
  | 'cut by clean ends'
  | 'taken over'
  | 'two owners';

/** A client and how to open it. */
export interface DialectOracle {
  /** The client's package and version. */
  readonly name: string;
  /**
   * Opens a page of the client on a conversation. Its requests carry the owner as
   * `Authorization: Bearer <owner>`.
   */
  open(place: {
    readonly url: string;
    readonly thread: string;
    readonly owner: string;
  }): DialectClient | Promise<DialectClient>;
  /** The checks that the client cannot pass, each with a sentence that says why. */
  readonly cannot?: Readonly<Partial<Record<DialectCheckName, string>>>;
}

/** A server that the checks start. */
export interface CheckedServer {
  /** The URL of the server's root, without a slash at its end. */
  readonly url: string;
  /**
   * Kills the node that answers, and resolves when another node serves the same sessions at the same URL.
   * Without it, the check `taken over` fails.
   */
  takeOver?(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a server with the dialect and with an agent. It takes `Authorization: Bearer <owner>` for the owner
 * of a request.
 */
export type StartCheckedServer = (agent: Agent) => Promise<CheckedServer>;
