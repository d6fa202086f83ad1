import type { Content } from './content.ts';
import type { AgentEvent } from './events.ts';
import type { MessageState } from './state.ts';
import type { AgentOutput } from './to-agent-events.ts';

/**
 * Answers turns. An agent is opened for one session at a time, so nothing of one session can leak into
 * another.
 */
export interface Agent {
  open(session: OpenSession): (turn: Turn) => AsyncIterable<AgentEvent>;
  /**
   * How a node treats a turn whose node died: it starts the turn again, or ends it as `failed`.
   * @default 'retry' while the turn has called only idempotent tools, else 'fail'
   */
  readonly onCrash?: 'retry' | 'fail';
  /**
   * How many of the last messages `history()` returns at most. The engine then reads no more of a long
   * conversation.
   * @default all
   */
  readonly history?: number;
  /**
   * Facts about tools, by tool name. A tool counts as not idempotent unless it is declared idempotent here.
   */
  readonly tools?: Readonly<Record<string, { readonly idempotent?: boolean }>>;
  /**
   * Prepares the agent. `heddle serve` awaits it once, before it listens. If it rejects, the command prints the
   * error's message and exits with code 1. `createServer()` does not call it.
   */
  start?(): Promise<void>;
  /**
   * Ends what the agent holds open, such as processes. `server.close()` awaits it once, after the last turn. An
   * error goes to `onError`.
   */
  close?(): Promise<void>;
}

/**
 * The short form of an agent: a function that answers one turn of any session. Most are async generator
 * functions. The function may also return a text, a list, an iterable, a stream, or a promise of one of
 * these.
 */
export type AgentFunction = (turn: Turn & OpenSession) => AgentOutput | Promise<AgentOutput>;

export interface OpenSession {
  readonly session: string;
  readonly owner: string;
  readonly metadata?: unknown;
}

/** One turn, as an agent sees it. */
export interface Turn {
  readonly turn: string;
  /** 1 at first; one more each time the turn starts again after a crash. */
  readonly attempt: number;
  readonly input: TurnInput;
  /**
   * Aborted when the turn is cancelled or its time limit is over. A reader that disconnects does not abort
   * it.
   */
  readonly signal: AbortSignal;
  /**
   * Returns the conversation before this turn from its log, oldest first: the last `count` messages, by
   * default all. It leaves out withdrawn and waiting messages. It returns copies, so a short history of a long
   * conversation costs less.
   */
  history(count?: number): readonly MessageState[];
  /**
   * The snapshot that the agent saved in the turn right before this one in the conversation. Undefined if
   * that turn saved nothing, or if the conversation has taken another branch since; the history then holds
   * everything. A turn that goes on after approvals has the snapshot of the turn that asked, or fails before
   * it starts.
   */
  readonly snapshot?: unknown;
  /**
   * Saves the agent's own memory, as JSON of at most 8 Mi characters, with the end of this turn. The last
   * call counts.
   */
  save(snapshot: unknown): void;
}

/**
 * The message that a turn answers. With `answers`, all approvals that an earlier turn asked for are answered,
 * and this turn goes on from there.
 */
export type TurnInput =
  | { readonly type: 'message'; readonly content: Content; readonly author?: string }
  | {
      readonly type: 'answers';
      readonly content: Content;
      readonly author?: string;
      /** The turn that asked for the approvals. */
      readonly resumes: string;
      readonly answers: readonly ApprovalAnswer[];
    };

/** The decision about one approval. */
export interface ApprovalAnswer {
  readonly approval: string;
  readonly call?: string;
  readonly reason: unknown;
  /** Any JSON. The page and the terminal send `true` and `false`. */
  readonly decision: unknown;
}
