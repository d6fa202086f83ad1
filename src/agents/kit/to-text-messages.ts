import { toText } from '../../protocol/index.ts';
import type { ConversationMessage } from './to-conversation.ts';

/** A message as text alone. */
export interface TextMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/**
 * Converts a conversation to texts, for agents that take no more. Calls, images and files are left out.
 * Neighbours of one role are joined, so that roles alternate.
 */
export function toTextMessages(conversation: readonly ConversationMessage[]): readonly TextMessage[] {
  const messages: { role: TextMessage['role']; content: string }[] = [];
  for (const message of conversation) {
    const content = message.role === 'user' ? toText(message.content) : message.texts.join('\n\n');
    const last = messages.at(-1);
    if (content === '') continue;
    if (last?.role === message.role) last.content += `\n\n${content}`;
    else messages.push({ role: message.role, content });
  }
  return messages;
}
