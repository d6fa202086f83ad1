/**
 * A response, as OpenAI's clients read it. What Heddle does not know has the value that stands for nothing.
 */
export interface OpenAiResponse extends ResponseConstants {
  readonly id: string;
  readonly object: 'response';
  /** Seconds since 1970. */
  readonly created_at: number;
  readonly status: ResponseStatus;
  readonly error: { readonly code: 'server_error'; readonly message: string } | null;
  readonly incomplete_details: { readonly reason: 'max_output_tokens' | 'content_filter' } | null;
  readonly model: string;
  readonly output: readonly ResponseItem[];
  /** Absent until the turn ends, and if its agent counts no tokens. */
  readonly usage?: ResponseUsage;
}

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

type ResponseConstants = typeof responseConstants;

/** The fields of a response about which Heddle has nothing to say. Clients expect them. */
export const responseConstants = {
  access_programs: null,
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  truncation: 'disabled',
} as const;

interface ResponseUsage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number; readonly cache_write_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}

type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** One item of a response's output. Its id is unique in the response. */
export type ResponseItem = MessageItem | ReasoningItem | CallItem | ApprovalItem;

export interface OutputText {
  readonly type: 'output_text';
  readonly text: string;
  readonly annotations: readonly [];
  readonly logprobs: readonly [];
}

export interface MessageItem {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly status: ItemStatus;
  readonly content: readonly OutputText[];
}

export interface SummaryText {
  readonly type: 'summary_text';
  readonly text: string;
}

export interface ReasoningItem {
  readonly id: string;
  readonly type: 'reasoning';
  readonly status: ItemStatus;
  readonly summary: readonly SummaryText[];
}

/** A tool call that the agent made by itself: the one item that says so. */
export interface CallItem {
  readonly id: string;
  readonly type: 'mcp_call';
  readonly server_label: 'heddle';
  readonly name: string;
  readonly arguments: string;
  readonly status: ItemStatus | 'failed';
  readonly output: string | null;
  readonly error: { readonly type: 'mcp_tool_execution_error'; readonly content: unknown } | null;
  readonly approval_request_id: string | null;
}

export interface ApprovalItem {
  readonly id: string;
  readonly type: 'mcp_approval_request';
  readonly server_label: 'heddle';
  readonly name: string;
  readonly arguments: string;
}
