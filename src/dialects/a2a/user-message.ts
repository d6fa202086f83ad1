import type { Content, ContentPart } from '../../protocol/index.ts';
import type { A2aMessage, A2aPart, TaskNames } from './a2a-objects.ts';

/** The message that a task answers, as the log and the state have it. */
interface Sent {
  readonly message: string;
  readonly ref?: string;
  readonly content: Content;
}

/** Returns a user's message under its sender's own name, if it has one. */
export function toA2aUserMessage(names: TaskNames, { message, ref, content }: Sent): A2aMessage {
  const parts = typeof content === 'string' ? [{ text: content }] : content.map(toPart);
  return { messageId: ref ?? message, ...names, role: 'USER', parts };
}

function toPart(part: ContentPart): A2aPart {
  if (part.type === 'text') return { text: part.text };
  const { data: raw, media_type: mediaType } = part;
  return { raw, mediaType, ...(part.type === 'file' && part.name !== undefined && { filename: part.name }) };
}
