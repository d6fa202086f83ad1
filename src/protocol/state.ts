import type { Content } from './content.ts';
import type { ApprovalStatus, Outcome, ToolStatus, TurnError, Usage } from './events.ts';
import type { EntryId } from './id.ts';

/** The current state of a session: the result of `fold` over its log. */
export interface SessionState {
  readonly session: string;
  readonly metadata?: unknown;
  /** The last entry that was folded in. */
  readonly last?: EntryId;
  /** Present if the state begins in the middle: messages in force come before the first one here. */
  readonly earlier?: true;
  /** The messages of users and agents, in the order of the conversation. */
  readonly messages: readonly MessageState[];
  /** The open turn. */
  readonly turn?: string;
  /** The approvals that need a decision before the conversation goes on. */
  readonly approvals: readonly PendingApproval[];
}

export interface PendingApproval {
  readonly turn: string;
  readonly approval: string;
  readonly call?: string;
  readonly reason: unknown;
}

export type MessageState = SentMessage | AgentMessage;

/**
 * A message that was sent into the session. Its status is `waiting` until its turn starts. A message of a
 * past is `started` from the beginning, and may have no answer.
 */
export interface SentMessage {
  readonly role: 'user';
  readonly message: string;
  readonly turn: string;
  readonly at: number;
  readonly content: Content;
  /** The sender's own name of the message. Other messages may have the same. */
  readonly ref?: string;
  /** The sender's own name of the turn. */
  readonly run?: string;
  readonly author?: string;
  /** The message that this one replaces. */
  readonly replaces?: string;
  /**
   * The last entry before the message. A reading of the log after it shows the message and its answer. Absent
   * if the message is the first entry, and in the state of a server that did not keep it.
   */
  readonly after?: EntryId;
  readonly status: 'waiting' | 'started' | 'withdrawn';
}

/** The agent's output in one turn. Without `outcome` the turn is still open. */
export interface AgentMessage {
  readonly role: 'agent';
  readonly turn: string;
  readonly message: string;
  readonly at: number;
  readonly attempt: number;
  readonly resumes?: string;
  /** The name that the sender gave the turn, or that the last answer gave the turn that goes on. */
  readonly run?: string;
  readonly parts: readonly PartState[];
  /** Steps that have started and not ended. */
  readonly openSteps: readonly OpenStep[];
  /** Present from a cancel request until the turn ends. */
  readonly cancelling?: true;
  readonly outcome?: Outcome;
  readonly reason?: string;
  readonly usage?: Usage;
  readonly error?: TurnError;
}

interface BySpeaker {
  readonly agent?: readonly string[];
}

export interface OpenStep extends BySpeaker {
  readonly step: string;
}

export type PartState = TextPart | ToolPart | ApprovalPart | CustomPart;

export interface TextPart extends BySpeaker {
  readonly type: 'text' | 'reasoning';
  readonly part: string;
  readonly text: string;
  readonly open: boolean;
}

export interface ToolPart extends BySpeaker {
  readonly type: 'tool';
  readonly call: string;
  readonly tool: string;
  /** The pieces of the input so far, as JSON text. */
  readonly inputText: string;
  readonly input?: unknown;
  /**
   * `input`: the input is still being written. `running`: the tool was called. `waiting`: the call waits for
   * approval. Only views have `waiting`, for example that of `useSession`: in a state such a call is
   * `cancelled`, and the turn that goes on has the call again.
   */
  readonly status: 'input' | 'running' | 'waiting' | ToolStatus;
  /** The last progress that the tool reported. */
  readonly progress?: unknown;
  readonly output?: unknown;
}

export interface ApprovalPart extends BySpeaker {
  readonly type: 'approval';
  readonly approval: string;
  /** The agent's own name of the approval, if that name was already taken in this session. */
  readonly name?: string;
  readonly call?: string;
  readonly reason: unknown;
  /** Absent until there is a decision. */
  readonly status?: ApprovalStatus;
  readonly decision?: unknown;
}

export interface CustomPart extends BySpeaker {
  readonly type: 'custom';
  readonly name: string;
  readonly data: unknown;
}
