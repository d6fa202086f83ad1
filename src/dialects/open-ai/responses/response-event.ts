import type { OpenAiResponse, OutputText, ResponseItem, SummaryText } from './response.ts';

/** An event of a response's stream, without its `sequence_number`. */
export type ResponseEvent =
  | {
      readonly type:
        | 'response.created'
        | 'response.in_progress'
        | 'response.completed'
        | 'response.incomplete'
        | 'response.failed';
      readonly response: OpenAiResponse;
    }
  | { readonly type: 'error'; readonly code: string; readonly message: string; readonly param: null }
  | ItemEvent;

/** An event about an item of the output. */
export type ItemEvent =
  | {
      readonly type: 'response.output_item.added' | 'response.output_item.done';
      readonly output_index: number;
      readonly item: ResponseItem;
    }
  | (OfItem & { readonly content_index: 0 } & TextEvent)
  | (OfItem & { readonly summary_index: 0 } & SummaryEvent)
  | (OfItem & CallItemEvent);

/** The item that an event is about, by its id and its place in the output. */
export interface OfItem {
  readonly item_id: string;
  readonly output_index: number;
}

type TextEvent =
  | {
      readonly type: 'response.content_part.added' | 'response.content_part.done';
      readonly part: OutputText;
    }
  | { readonly type: 'response.output_text.delta'; readonly delta: string; readonly logprobs: readonly [] }
  | { readonly type: 'response.output_text.done'; readonly text: string; readonly logprobs: readonly [] };

type SummaryEvent =
  | {
      readonly type: 'response.reasoning_summary_part.added' | 'response.reasoning_summary_part.done';
      readonly part: SummaryText;
    }
  | { readonly type: 'response.reasoning_summary_text.delta'; readonly delta: string }
  | { readonly type: 'response.reasoning_summary_text.done'; readonly text: string };

type CallItemEvent =
  | {
      readonly type:
        | 'response.mcp_call.in_progress'
        | 'response.mcp_call.completed'
        | 'response.mcp_call.failed';
    }
  | { readonly type: 'response.mcp_call_arguments.delta'; readonly delta: string }
  | { readonly type: 'response.mcp_call_arguments.done'; readonly arguments: string };
