import { toText } from '../../protocol/index.ts';
import type { Content, ContentPart, MessageState } from '../../protocol/index.ts';
import { createFailure, toConversation, toJsonValue } from '../kit/index.ts';
import type { ConversationAnswer, ConversationCall } from '../kit/index.ts';
import type { AiSdkFile, AiSdkMessage, AiSdkText, AiSdkToolResult } from './ai-sdk-message.ts';

/** Converts the history to the SDK's messages. Every call has its result right after it. */
export function toAiSdkMessages(history: readonly MessageState[]): AiSdkMessage[] {
  return toConversation(history).flatMap((message) =>
    message.role === 'user' ? [fromUser(message.content)] : fromAnswer(message),
  );
}

/** Converts a user's message. Throws `unsupported_content` for data that is not base64. */
export function toAiSdkPrompt(content: Content): AiSdkMessage {
  return { role: 'user', content: typeof content === 'string' ? content : content.map(toPart) };
}

function fromUser(content: Content): AiSdkMessage {
  try {
    return toAiSdkPrompt(content);
  } catch {
    // A file that could not be read then cannot be read now.
    return { role: 'user', content: toText(content) || '(a file that could not be read)' };
  }
}

function toPart(part: ContentPart): AiSdkText | AiSdkFile {
  if (part.type === 'text') return { type: 'text', text: part.text };
  // The SDK would take such data for a URL, and load it.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(part.data)) throw createFailure('unsupported_content');
  const filename = part.type === 'file' && part.name !== undefined ? { filename: part.name } : {};
  return { type: 'file', data: part.data, mediaType: part.media_type, ...filename };
}

function fromAnswer({ texts, calls }: ConversationAnswer): AiSdkMessage[] {
  const said = texts.map((text) => ({ type: 'text', text }) as const);
  const made = calls.map(
    ({ id, tool, input }) => ({ type: 'tool-call', toolCallId: id, toolName: tool, input }) as const,
  );
  const answer: AiSdkMessage = { role: 'assistant', content: [...said, ...made] };
  return calls.length === 0 ? [answer] : [answer, { role: 'tool', content: calls.map(toResult) }];
}

function toResult({ id, tool, isOk, output }: ConversationCall): AiSdkToolResult {
  const value =
    typeof output === 'string'
      ? ({ type: isOk ? 'text' : 'error-text', value: output } as const)
      : ({ type: isOk ? 'json' : 'error-json', value: toJsonValue(output) } as const);
  return { type: 'tool-result', toolCallId: id, toolName: tool, output: value };
}
