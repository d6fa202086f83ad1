import type { Content } from './content.ts';

/** How a turn ended. `waiting`: it asked for approval, and the answers start a new turn. */
export type Outcome = 'completed' | 'cancelled' | 'failed' | 'waiting';
export type ToolStatus = 'ok' | 'error' | 'cancelled';
/**
 * How an approval ended. `expired`: its time was over. `cancelled`: by a cancel or by an interrupting
 * message.
 */
export type ApprovalStatus = 'answered' | 'expired' | 'cancelled';

/** The tokens that the model calls of a turn used, as sums. */
export interface Usage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly total_tokens?: number;
}

/** The public description of a failure. It never holds a stack trace or a vendor's raw message. */
export interface TurnError {
  readonly code: string;
  readonly message: string;
}

/** Names the inner agent that speaks, outermost first, if there are several. */
interface BySpeaker {
  readonly agent?: readonly string[];
}

interface InTurn extends BySpeaker {
  readonly turn: string;
}

/** Events that only the engine makes: an agent cannot forge when a turn starts or ends. */
export type EngineEvent =
  | { readonly type: 'session_start'; readonly session: string; readonly metadata?: unknown }
  | {
      readonly type: 'message';
      readonly message: string;
      readonly turn: string;
      readonly content: Content;
      /** The sender's own name of the message. Other messages may have the same. */
      readonly ref?: string;
      /** The sender's own name of the turn. */
      readonly run?: string;
      readonly author?: string;
      /**
       * The message that this one replaces. The conversation after the replaced message is no longer in
       * force.
       */
      readonly replaces?: string;
      /** When the message was sent, in milliseconds since 1970. */
      readonly at: number;
      /** How many messages wait before this one. Absent if there are none. */
      readonly queued?: number;
      /** The message was sent elsewhere, before there was this session. It does not wait for a turn. */
      readonly past?: true;
    }
  | {
      readonly type: 'message_start';
      readonly turn: string;
      readonly message: string;
      readonly attempt: number;
      /** When the attempt began, in milliseconds since 1970. */
      readonly at: number;
      /** The turn that asked for the approvals from which this one goes on. */
      readonly resumes?: string;
      /** The name that the sender gave the turn, or that the last answer gave the turn that goes on. */
      readonly run?: string;
    }
  | {
      readonly type: 'message_end';
      readonly turn: string;
      readonly outcome: Outcome;
      /** Why the model stopped, if the agent reports it: `end_turn`, `max_tokens` … */
      readonly reason?: string;
      readonly approvals?: readonly string[];
      readonly usage?: Usage;
      readonly error?: TurnError;
    }
  | {
      readonly type: 'approval_answer';
      /** The turn that goes on with the answers. The turn that asked has ended. */
      readonly turn: string;
      readonly approval: string;
      readonly status: ApprovalStatus;
      readonly decision?: unknown;
      readonly author?: string;
      /** The name that the sender of the answer gives the turn that goes on. */
      readonly run?: string;
    }
  | { readonly type: 'cancel_request'; readonly turn: string }
  | { readonly type: 'withdraw'; readonly message: string };

/** Events of an agent as they are in the log. Each has its turn, and the name of its part, step or call. */
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
        /** The agent's own name of the approval, if that name was already taken in this session. */
        readonly name?: string;
        readonly call?: string;
        readonly reason: unknown;
      }
    | { readonly type: 'custom'; readonly name: string; readonly data: unknown }
  );

/** One event of a session, as its log holds it. */
export type SessionEvent = EngineEvent | SpokenEvent;
/**
 * A value that an agent yields. A plain string is text. Names of parts and steps may be left out: the engine
 * remembers the open part of each speaker, opens and closes what the agent does not, and adds the turn.
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
        /**
         * Withdraws parts by name. Without `parts`, withdraws all text and reasoning of the speaker's open
         * step. With `all`, withdraws all text and reasoning of the attempt, of every speaker.
         */
        | { readonly type: 'discard'; readonly parts?: readonly string[]; readonly all?: boolean }
        /** Replaces the text of a part. Without `part`, replaces the text of the speaker's last part. */
        | { readonly type: 'replace'; readonly data: string; readonly part?: string }
        | {
            readonly type: 'approval_request';
            readonly approval: string;
            readonly reason: unknown;
            readonly call?: string;
          }
        | { readonly type: 'custom'; readonly name: string; readonly data: unknown }
        /** Adds to the usage of the turn. */
        | { readonly type: 'usage'; readonly usage: Usage }
        /** Reports why the model stopped. The last reason becomes the `reason` of `message_end`. */
        | { readonly type: 'stop'; readonly reason: string }
      ));
