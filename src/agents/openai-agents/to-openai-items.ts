import type { Content, ContentPart, MessageState } from '../../protocol/index.ts';
import {
  createFailure,
  isReadable,
  toConversation,
  toDataUrl,
  toOutputText,
  toReadable,
} from '../kit/index.ts';
import type { ConversationAnswer, ConversationCall } from '../kit/index.ts';

/** Converts the history to items of the SDK. Each call is followed by its result. */
export function toOpenaiItems(history: readonly MessageState[]): readonly object[] {
  return toConversation(history).flatMap((message) =>
    message.role === 'user' ? [toUserItem(toReadable(message.content))] : fromAnswer(message),
  );
}

/**
 * Converts a user's message to an item of the SDK. Throws `unsupported_content` for data that is not base64.
 */
export function toUserItem(content: Content): object {
  return {
    type: 'message',
    role: 'user',
    content: typeof content === 'string' ? content : content.map(toInputPart),
  };
}

function toInputPart(part: ContentPart): object {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  if (!isReadable(part)) throw createFailure('unsupported_content');
  const url = toDataUrl(part);
  return part.type === 'image'
    ? { type: 'input_image', image: url }
    : { type: 'input_file', file: url, filename: part.name ?? 'file' };
}

function fromAnswer({ texts, calls }: ConversationAnswer): readonly object[] {
  return [
    ...texts.map((text) => ({
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text }],
    })),
    ...calls.map(toCallItem),
    ...calls.map(toResultItem),
  ];
}

function toCallItem({ id, tool, input }: ConversationCall): object {
  return {
    type: 'function_call',
    callId: id,
    name: toToolName(tool),
    arguments: JSON.stringify(input),
    status: 'completed',
  };
}

function toResultItem({ id, tool, output }: ConversationCall): object {
  return {
    type: 'function_call_result',
    callId: id,
    name: toToolName(tool),
    status: 'completed',
    output: { type: 'text', text: toOutputText(output) },
  };
}

/** Providers accept only some characters in the name of a tool. */
function toToolName(tool: string): string {
  return tool.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64);
}
