import type { Content } from './content.ts';
import type { ToolStatus } from './events.ts';

/** A message of a conversation that took place elsewhere. A new session can begin with such messages. */
export type PastMessage = PastSent | PastAnswer;

/** A message that a user sent. */
export interface PastSent {
  readonly role: 'user';
  readonly content: Content;
  /** The sender's own name of the message. */
  readonly ref?: string;
  readonly author?: string;
}

/** A message of the agent. */
export interface PastAnswer {
  readonly role: 'agent';
  readonly parts: readonly PastPart[];
}

/** A part of an agent's message. A tool call has its result, because no tool is run again. */
export type PastPart =
  | { readonly type: 'text' | 'reasoning'; readonly text: string }
  | {
      readonly type: 'tool';
      readonly call: string;
      readonly tool: string;
      readonly input: unknown;
      readonly output: unknown;
      readonly status: ToolStatus;
    };
