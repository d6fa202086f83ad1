/** A message of AG-UI, in the shape of `MESSAGES_SNAPSHOT` and of `RunAgentInput.messages`. */
export type AgUiMessage = UserMessage | AssistantMessage | ReasoningMessage | ToolMessage;

interface Attributed {
  readonly id: string;
  /** The inner agent that spoke. Only clients of AG-UI 1 know it. */
  readonly subagentRunId?: string;
}

interface UserMessage {
  readonly id: string;
  readonly role: 'user';
  readonly content: string | readonly InputPart[];
}

interface AssistantMessage extends Attributed {
  readonly role: 'assistant';
  readonly content?: string;
  readonly toolCalls?: readonly ToolCall[];
}

interface ReasoningMessage extends Attributed {
  readonly role: 'reasoning';
  readonly content: string;
}

export interface ToolMessage extends Attributed {
  readonly role: 'tool';
  readonly toolCallId: string;
  readonly content: string;
}

interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** A part of a user's message: text, or data of a medium. */
export type InputPart =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'image' | 'audio' | 'video' | 'document';
      readonly source: { readonly type: 'data'; readonly value: string; readonly mimeType: string };
    };
