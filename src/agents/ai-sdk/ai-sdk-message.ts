import type { JsonValue } from '../kit/index.ts';

/**
 * A message as the SDK takes it. A conversation that was saved also has messages of the SDK's own making,
 * with more kinds of content: reasoning, files, approvals.
 */
export type AiSdkMessage =
  | { role: 'user'; content: string | (AiSdkText | AiSdkFile)[] }
  | { role: 'assistant'; content: (AiSdkText | AiSdkToolCall)[] }
  | { role: 'tool'; content: (AiSdkToolResult | AiSdkApprovalAnswer)[] };

export interface AiSdkText {
  type: 'text';
  text: string;
}

/** An image too, by its media type. The data is base64. */
export interface AiSdkFile {
  type: 'file';
  data: string;
  mediaType: string;
  filename?: string;
}

interface AiSdkToolCall {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  input: unknown;
}

export interface AiSdkToolResult {
  type: 'tool-result';
  toolCallId: string;
  toolName: string;
  output: { type: 'text' | 'error-text'; value: string } | { type: 'json' | 'error-json'; value: JsonValue };
}

export interface AiSdkApprovalAnswer {
  type: 'tool-approval-response';
  approvalId: string;
  approved: boolean;
  reason?: string;
  /** Whether the provider runs the tool. It then gets the answer too. */
  providerExecuted?: boolean;
}
