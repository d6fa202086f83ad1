import type { Content, SentMessage } from 'heddle';
import type { SessionView } from 'heddle/react';

/** The message that can be said anew: the last one, while nothing runs, waits, or is to be decided. */
export function toRepeatable({
  status,
  messages,
}: Pick<SessionView, 'status' | 'messages'>): SentMessage | undefined {
  if (status !== 'ready') return undefined;
  return messages.findLast(
    (message): message is SentMessage => message.role === 'user' && message.status === 'started',
  );
}

/** The same content with another text: what was attached stays. */
export function withText(content: Content, text: string): Content {
  if (typeof content === 'string') return text;
  return [{ type: 'text', text }, ...content.filter((part) => part.type !== 'text')];
}
