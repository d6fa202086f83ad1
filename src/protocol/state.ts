import type { Content } from './content.ts';
import type { ApprovalStatus, Outcome, ToolStatus, TurnError, Usage } from './events.ts';
import type { EntryId } from './id.ts';

/** A session as it looks now: what `fold` makes of its log. */
export interface SessionState {
  readonly session: string;
  readonly metadata?: unknown;
  /** The last entry folded in. */
  readonly last?: EntryId;
  /** What people sent and agents answered, in the order of the conversation. */
  readonly messages: readonly MessageState[];
  /** The turn that is open. */
  readonly turn?: string;
  /** What somebody has to decide before the conversation goes on. */
  readonly approvals: readonly PendingApproval[];
}

export interface PendingApproval {
  readonly turn: string;
  readonly approval: string;
  readonly call?: string;
  readonly reason: unknown;
}

export type MessageState = SentMessage | AgentMessage;

/** A message somebody sent. `waiting` until its turn starts. */
export interface SentMessage {
  readonly role: 'user';
  readonly message: string;
  readonly turn: string;
  readonly at: number;
  readonly content: Content;
  readonly author?: string;
  /** The message this one takes the place of. */
  readonly replaces?: string;
  readonly status: 'waiting' | 'started' | 'withdrawn';
}

/** What the agent said in one turn. Without `outcome` it is still speaking. */
export interface AgentMessage {
  readonly role: 'agent';
  readonly turn: string;
  readonly message: string;
  readonly at: number;
  readonly attempt: number;
  readonly resumes?: string;
  readonly parts: readonly PartState[];
  /** Steps that have begun and not ended. */
  readonly openSteps: readonly OpenStep[];
  /** Somebody asked to stop the turn. */
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
   * `input`: its input is still being written; `running`: it was called. `waiting`: it waits for approval; that is told only to views, as
   * by `useSession`: a state has such a call as `cancelled`, and again in the turn that goes on.
   */
  readonly status: 'input' | 'running' | 'waiting' | ToolStatus;
  /** The last progress it told. */
  readonly progress?: unknown;
  readonly output?: unknown;
}

export interface ApprovalPart extends BySpeaker {
  readonly type: 'approval';
  readonly approval: string;
  /** The agent's own name of it, where that was taken in this session. */
  readonly name?: string;
  readonly call?: string;
  readonly reason: unknown;
  /** Absent while nobody has decided. */
  readonly status?: ApprovalStatus;
  readonly decision?: unknown;
}

export interface CustomPart extends BySpeaker {
  readonly type: 'custom';
  readonly name: string;
  readonly data: unknown;
}
