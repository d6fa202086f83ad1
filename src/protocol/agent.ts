import type { Content } from './content.ts';
import type { AgentEvent } from './events.ts';
import type { MessageState } from './state.ts';
import type { AgentOutput } from './to-agent-events.ts';

/** What answers turns. It is opened for one session at a time, so that nothing of one person's session can leak into another's. */
export interface Agent {
  open(session: OpenSession): (turn: Turn) => AsyncIterable<AgentEvent>;
  /**
   * What a node does with a turn whose node died: start it again, or end it `failed`.
   * @default 'retry' while no tool was called that is not idempotent, else 'fail'
   */
  readonly onCrash?: 'retry' | 'fail';
  /** Facts about tools by name. A tool is not idempotent unless it says so. */
  readonly tools?: Readonly<Record<string, { readonly idempotent?: boolean }>>;
}

/**
 * The short form of an agent: a function that answers one turn of any session. Most are async generator functions; it may as well give a text,
 * a list, an iterable, a stream, or a promise of one of these.
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
  /** 1, and one more for each time the turn was started again after a crash. */
  readonly attempt: number;
  readonly input: TurnInput;
  /** Aborted when the turn is cancelled or its time is up. A reader that goes away does not abort it. */
  readonly signal: AbortSignal;
  /** The conversation before this turn, oldest first, as its log tells it. Withdrawn and waiting messages are not in it. */
  history(): readonly MessageState[];
  /**
   * What the agent saved in the turn right before this one in the conversation; undefined where there is none, or the conversation went
   * another way since: then the history tells all. A turn that goes on from approvals has what the turn that asked saved, or fails before it starts.
   */
  readonly snapshot?: unknown;
  /** Saves the agent's own memory, as JSON of at most 8 Mi characters, with the end of this turn; the last call counts. */
  save(snapshot: unknown): void;
}

/** The message a turn answers; with `answers`, the approvals it asked for are answered, all of them, and the turn goes on from there. */
export type TurnInput =
  | { readonly type: 'message'; readonly content: Content; readonly author?: string }
  | {
      readonly type: 'answers';
      readonly content: Content;
      readonly author?: string;
      /** The turn that asked. */
      readonly resumes: string;
      readonly answers: readonly ApprovalAnswer[];
    };

/** What somebody decided about an approval. */
export interface ApprovalAnswer {
  readonly approval: string;
  readonly call?: string;
  readonly reason: unknown;
  /** Any JSON; the page and the terminal send `true` and `false`. */
  readonly decision: unknown;
}
