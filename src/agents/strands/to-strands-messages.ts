import { toText } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import type { Content, MessageState } from '../../protocol/index.ts';
import { toConversation, toJsonValue } from '../kit/index.ts';
import type { ConversationAnswer, ConversationCall } from '../kit/index.ts';
import type { StrandsBlock, StrandsMessage, StrandsResult } from './strands-message.ts';
import { toStrandsContent } from './to-strands-content.ts';

/**
 * Converts the history to the SDK's messages. Roles alternate, a user begins, every tool use has its result
 * right after it, and no text is blank: each of these is required by some provider.
 */
export function toStrandsMessages(history: readonly MessageState[]): StrandsMessage[] {
  return alternate(
    toConversation(history).flatMap((message) =>
      message.role === 'user' ? [fromUser(message.content)] : fromAnswer(message),
    ),
  );
}

interface AnyMessage {
  readonly role: 'user' | 'assistant';
  readonly content: object[];
}

/** Merges neighbours of one role, and drops everything before the first message of a user. */
export function alternate<Kind extends AnyMessage>(messages: readonly Kind[]): Kind[] {
  const merged: Kind[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (message.content.length === 0) continue;
    if (last?.role === message.role) last.content.push(...message.content);
    else merged.push({ ...message, content: [...message.content] });
  }
  const start = merged.findIndex(
    ({ role, content }) => role === 'user' && !content.some((block) => 'toolResult' in block),
  );
  return start === -1 ? [] : merged.slice(start);
}

function fromUser(content: Content): StrandsMessage {
  try {
    return { role: 'user', content: toStrandsContent(content) };
  } catch {
    // A file that could not be read then cannot be read now.
    return { role: 'user', content: [{ text: toText(content) || '(a file that could not be read)' }] };
  }
}

function fromAnswer({ texts, calls }: ConversationAnswer): StrandsMessage[] {
  const said = texts.map((text): StrandsBlock => ({ text }));
  const used = calls.map(({ id, tool, input }): StrandsBlock => ({
    toolUse: { name: tool, toolUseId: id, input: toJsonValue(input) },
  }));
  return [
    { role: 'assistant', content: [...said, ...used] },
    { role: 'user', content: calls.map(toResult) },
  ];
}

function toResult({ id, isOk, output }: ConversationCall): StrandsBlock {
  const status = isOk ? 'success' : 'error';
  return { toolResult: { toolUseId: id, status, content: [toResultContent(output)] } };
}

function toResultContent(output: unknown): StrandsResult {
  if (typeof output === 'string') return { text: output };
  // One provider accepts only objects. The SDK wraps other values in the same way.
  return { json: isRecord(output) ? toJsonValue(output) : { $value: toJsonValue(output) } };
}
