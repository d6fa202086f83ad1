import type { BareFrame } from '../bare-frame.ts';
import type { AgUiMessage } from './ag-ui-message.ts';
import type { Interrupt } from './interrupt.ts';
import type { TokenUsage } from './token-usage.ts';

/**
 * The events of AG-UI that this dialect sends. A field that has no value is left out: `null` in an optional
 * field ends the run in its clients.
 */
export type AgUiEvent = RunEvent | SpokenAgUiEvent;

/** Events about a run. They belong to no inner agent. */
type RunEvent =
  | {
      readonly type: 'RUN_STARTED';
      readonly threadId: string;
      readonly runId: string;
      readonly protocolVersion?: string;
    }
  | {
      readonly type: 'RUN_FINISHED';
      readonly threadId: string;
      readonly runId: string;
      readonly outcome?:
        | { readonly type: 'success' | 'cancelled' }
        | { readonly type: 'interrupt'; readonly interrupts: readonly Interrupt[] };
      readonly usage?: readonly TokenUsage[];
      readonly metadata?: { readonly reason: string };
    }
  | {
      readonly type: 'RUN_ERROR';
      readonly message: string;
      readonly code: string;
      readonly usage?: readonly TokenUsage[];
    }
  | { readonly type: 'MESSAGES_SNAPSHOT'; readonly messages: readonly AgUiMessage[] };

/** Events that an inner agent may have caused. */
export type SpokenAgUiEvent = { readonly subagentRunId?: string } & (
  | { readonly type: 'STEP_STARTED' | 'STEP_FINISHED'; readonly stepName: string }
  | { readonly type: 'TEXT_MESSAGE_START'; readonly messageId: string; readonly role: 'assistant' }
  | {
      readonly type: 'TEXT_MESSAGE_CONTENT' | 'REASONING_MESSAGE_CONTENT';
      readonly messageId: string;
      readonly delta: string;
    }
  | {
      readonly type: 'TEXT_MESSAGE_END' | 'REASONING_START' | 'REASONING_MESSAGE_END' | 'REASONING_END';
      readonly messageId: string;
    }
  | { readonly type: 'REASONING_MESSAGE_START'; readonly messageId: string; readonly role: 'reasoning' }
  | {
      readonly type: 'TOOL_CALL_START';
      readonly toolCallId: string;
      readonly toolCallName: string;
      readonly parentMessageId: string;
    }
  | { readonly type: 'TOOL_CALL_ARGS'; readonly toolCallId: string; readonly delta: string }
  | { readonly type: 'TOOL_CALL_END'; readonly toolCallId: string }
  | {
      readonly type: 'TOOL_CALL_RESULT';
      readonly messageId: string;
      readonly toolCallId: string;
      readonly role: 'tool';
      readonly content: string;
    }
  | { readonly type: 'CUSTOM'; readonly name: string; readonly value: unknown }
  | { readonly type: 'STATE_SNAPSHOT'; readonly snapshot: unknown }
  | { readonly type: 'STATE_DELTA'; readonly delta: readonly unknown[] }
  | {
      readonly type: 'SUBAGENT_STARTED';
      readonly subagentRunId: string;
      readonly name: string;
      readonly parentSubagentRunId?: string;
    }
  | {
      readonly type: 'SUBAGENT_FINISHED';
      readonly subagentRunId: string;
      readonly outcome?: { readonly type: 'suspended'; readonly interruptIds: readonly string[] };
    }
);

/** Returns the frame of an event. */
export function toAgUiFrame(event: AgUiEvent): BareFrame {
  return { data: JSON.stringify(event) };
}
