import { fieldsOf, listOf, longestName, textOf } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';

/**
 * One thing that a provider's own stream tells, which the SDK's events tell late or not at all. `key` names a
 * call within its answer.
 */
export type RawPiece =
  | { readonly type: 'reasoning'; readonly data: string }
  | { readonly type: 'reasoning_end' }
  | { readonly type: 'call'; readonly key: string; readonly id: string; readonly tool: string }
  | { readonly type: 'input'; readonly key: string; readonly data: string }
  /** Why the answer ended before its end. */
  | { readonly type: 'cut'; readonly reason: string };

/** Reads an event of the Responses API, or a chunk of chat completions. Anything else has no pieces. */
export function toRawPieces(event: unknown): readonly RawPiece[] {
  const fields = fieldsOf(event);
  return 'choices' in fields ? fromChunk(fields) : fromResponses(fields);
}

function fromResponses(event: Fields): readonly RawPiece[] {
  const { type, delta, item, item_id: key } = event;
  switch (type) {
    case 'response.reasoning_summary_text.delta':
    case 'response.reasoning_text.delta':
      return [{ type: 'reasoning', data: textOf(delta) }];
    case 'response.reasoning_summary_part.done':
      return [{ type: 'reasoning_end' }];
    case 'response.output_item.added':
      return fromItem(fieldsOf(item));
    case 'response.function_call_arguments.delta':
      return [{ type: 'input', key: textOf(key), data: textOf(delta) }];
    default:
      return [];
  }
}

/** Calls of tools that the provider runs itself. */
const hosted = /^(web_search|file_search|code_interpreter|image_generation|mcp)_call$/;

function fromItem({ type, id, call_id: callId, name }: Fields): readonly RawPiece[] {
  const key = textOf(id);
  if (type === 'function_call') return [{ type: 'call', key, id: textOf(callId), tool: toolOf(name) }];
  const isHosted = hosted.test(textOf(type));
  return isHosted ? [{ type: 'call', key, id: key, tool: toolOf(name) || textOf(type) }] : [];
}

/** Reasons for which an answer is not whole, in the words of Heddle. */
const cuts = new Map([
  ['length', 'max_tokens'],
  ['content_filter', 'content_filter'],
]);

function fromChunk({ choices }: Fields): readonly RawPiece[] {
  const choice = fieldsOf(listOf(choices)[0]);
  const delta = fieldsOf(choice['delta']);
  const reason = cuts.get(textOf(choice['finish_reason']));
  const { reasoning, reasoning_content: content, tool_calls: calls } = delta;
  const data = textOf(content) || textOf(reasoning);
  return [
    ...(data === '' ? [] : [{ type: 'reasoning' as const, data }]),
    ...listOf(calls).flatMap((call): readonly RawPiece[] => fromCall(fieldsOf(call))),
    ...(reason === undefined ? [] : [{ type: 'cut' as const, reason }]),
  ];
}

/** The id and the name of a call come with its first chunk only, the index with each. */
function fromCall({ index, id, function: made }: Fields): readonly RawPiece[] {
  const { name, arguments: data } = fieldsOf(made);
  const key = String(index);
  return [
    ...(textOf(id) === '' || textOf(name) === ''
      ? []
      : [{ type: 'call' as const, key, id: textOf(id), tool: toolOf(name) }]),
    ...(textOf(data) === '' ? [] : [{ type: 'input' as const, key, data: textOf(data) }]),
  ];
}

/** Returns the name of a tool, cut to what an event takes: the model may have made it up. */
function toolOf(name: unknown): string {
  return textOf(name).slice(0, longestName);
}
