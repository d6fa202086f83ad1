import type { Content, SentMessage } from 'heddle';
import type { SessionView } from 'heddle/react';

/**
 * Returns the message that can be sent again: the last one, while no turn runs and no message or approval
 * waits.
 */
export function toRepeatable({
  status,
  messages,
}: Pick<SessionView, 'status' | 'messages'>): SentMessage | undefined {
  if (status !== 'ready') return undefined;
  return messages.findLast(
    (message): message is SentMessage => message.role === 'user' && message.status === 'started',
  );
}

/** Returns the content with another text. Attachments stay. */
export function withText(content: Content, text: string): Content {
  if (typeof content === 'string') return text;
  return [{ type: 'text', text }, ...content.filter((part) => part.type !== 'text')];
}
