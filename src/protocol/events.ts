import type { Content } from './content.ts';

/** How a turn ended. `waiting`: it asked for approval, and the answers start a new turn. */
export type Outcome = 'completed' | 'cancelled' | 'failed' | 'waiting';
export type ToolStatus = 'ok' | 'error' | 'cancelled';
/** What became of an approval: `expired` in its time, `cancelled` by a cancel or an interrupting message. */
export type ApprovalStatus = 'answered' | 'expired' | 'cancelled';

/** Tokens that the model calls of a turn took, added up. */
export interface Usage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly total_tokens?: number;
}

/** What may be said in public about a failure: never a stack trace, never a vendor's raw message. */
export interface TurnError {
  readonly code: string;
  readonly message: string;
}

/** Names the inner agent that speaks, outermost first, where several do. */
interface BySpeaker {
  readonly agent?: readonly string[];
}

interface InTurn extends BySpeaker {
  readonly turn: string;
}

/** Events only the engine makes: an agent cannot forge the life of a turn. */
export type EngineEvent =
  | { readonly type: 'session_start'; readonly session: string; readonly metadata?: unknown }
  | {
      readonly type: 'message';
      readonly message: string;
      readonly turn: string;
      readonly content: Content;
      readonly author?: string;
      /** The message this one takes the place of: what followed that one is no longer in force. */
      readonly replaces?: string;
      /** When it was sent, in milliseconds since 1970. */
      readonly at: number;
      /** How many messages wait before this one; absent where none does. */
      readonly queued?: number;
    }
  | {
      readonly type: 'message_start';
      readonly turn: string;
      readonly message: string;
      readonly attempt: number;
      /** When the attempt began, in milliseconds since 1970. */
      readonly at: number;
      /** The turn whose approvals this one goes on from. */
      readonly resumes?: string;
    }
  | {
      readonly type: 'message_end';
      readonly turn: string;
      readonly outcome: Outcome;
      /** Why the model stopped, where the agent says: `end_turn`, `max_tokens` … */
      readonly reason?: string;
      readonly approvals?: readonly string[];
      readonly usage?: Usage;
      readonly error?: TurnError;
    }
  | {
      readonly type: 'approval_answer';
      /** The turn that goes on with the answers, not the one that asked: that one has ended. */
      readonly turn: string;
      readonly approval: string;
      readonly status: ApprovalStatus;
      readonly decision?: unknown;
      readonly author?: string;
    }
  | { readonly type: 'cancel_request'; readonly turn: string }
  | { readonly type: 'withdraw'; readonly message: string };

/** Events an agent says, as they stand in the log: in a turn, every part, step and call with its name. */
export type SpokenEvent = InTurn &
  (
    | { readonly type: 'step_start' | 'step_end'; readonly step: string }
    | {
        readonly type: 'content_start' | 'content_end' | 'reasoning_start' | 'reasoning_end';
        readonly part: string;
      }
    | { readonly type: 'content' | 'reasoning'; readonly part: string; readonly data: string }
    | { readonly type: 'tool_use_start'; readonly call: string; readonly tool: string }
    | { readonly type: 'tool_use_input'; readonly call: string; readonly data: string }
    | { readonly type: 'tool_use'; readonly call: string; readonly tool: string; readonly input: unknown }
    | { readonly type: 'tool_progress'; readonly call: string; readonly data: unknown }
    | {
        readonly type: 'tool_result';
        readonly call: string;
        readonly output: unknown;
        readonly status: ToolStatus;
      }
    | { readonly type: 'discard'; readonly parts: readonly string[] }
    | { readonly type: 'replace'; readonly part: string; readonly data: string }
    | {
        readonly type: 'approval_request';
        readonly approval: string;
        /** The agent's own name of it, where that was taken in this session. */
        readonly name?: string;
        readonly call?: string;
        readonly reason: unknown;
      }
    | { readonly type: 'custom'; readonly name: string; readonly data: unknown }
  );

/** One thing said or done in a session, as its log holds it. */
export type SessionEvent = EngineEvent | SpokenEvent;
/**
 * What an agent yields. A plain string is text. Names of parts and steps may be left out: the engine keeps
 * the open part of each speaker, opens and closes what the agent does not, and adds the turn.
 */
export type AgentEvent =
  | string
  | (BySpeaker &
      (
        | { readonly type: 'step_start' | 'step_end'; readonly step?: string }
        | {
            readonly type: 'content_start' | 'content_end' | 'reasoning_start' | 'reasoning_end';
            readonly part?: string;
          }
        | { readonly type: 'content' | 'reasoning'; readonly data: string; readonly part?: string }
        | { readonly type: 'tool_use_start'; readonly call: string; readonly tool: string }
        | { readonly type: 'tool_use_input'; readonly call: string; readonly data: string }
        | { readonly type: 'tool_use'; readonly call: string; readonly tool: string; readonly input: unknown }
        | { readonly type: 'tool_progress'; readonly call: string; readonly data: unknown }
        | {
            readonly type: 'tool_result';
            readonly call: string;
            readonly output: unknown;
            readonly status?: ToolStatus;
          }
        /** Withdraws parts by name; without `parts`, all text and reasoning of the speaker's open step. */
        | { readonly type: 'discard'; readonly parts?: readonly string[] }
        /** Replaces a part's text; without `part`, the speaker's last one. */
        | { readonly type: 'replace'; readonly data: string; readonly part?: string }
        | {
            readonly type: 'approval_request';
            readonly approval: string;
            readonly reason: unknown;
            readonly call?: string;
          }
        | { readonly type: 'custom'; readonly name: string; readonly data: unknown }
        /** Added to the turn's usage. */
        | { readonly type: 'usage'; readonly usage: Usage }
        /** Why the model stopped; the last one stands in `message_end`. */
        | { readonly type: 'stop'; readonly reason: string }
      ));
