import type { AiSdkMessage } from './ai-sdk-message.ts';

/**
 * The arguments that a turn passes to `agent.stream()`. A factory that uses `streamText()` spreads them into
 * its own: `streamText({ model, tools, ...call })`.
 */
export interface AiSdkCall {
  /** The conversation, with the new message or the answers to approvals at its end. */
  readonly messages: AiSdkMessage[];
  /** Aborted when the turn is cancelled, and when the turn ends in another way. */
  readonly abortSignal: AbortSignal;
  /** Holds each tool back until its call stands in the log. This is its name in version 7. */
  readonly onToolExecutionStart: ToolStartListener;
  /** The same, by its name in version 6. */
  readonly experimental_onToolCallStart: ToolStartListener;
  /** Takes the finished text of a step, with which the streamed text is settled. Its name in version 7. */
  readonly onStepEnd: StepEndListener;
  /** The same, by its name in version 6. */
  readonly onStepFinish: StepEndListener;
  /** Keeps the SDK from printing errors, which may contain prompts. The turn reports them by itself. */
  readonly onError: () => void;
}

type ToolStartListener = (event: { readonly toolCall: { readonly toolCallId: string } }) => Promise<void>;

export type StepEndListener = (step: { readonly content: readonly unknown[] }) => void;
