import type { Content, SentMessage, SessionState } from 'heddle';

/** The message that can be said anew: the last one, while nothing runs, waits, or is to be decided. */
export function toRepeatable(state: SessionState): SentMessage | undefined {
  const { messages, turn, approvals } = state;
  if (turn !== undefined || approvals.length > 0) return undefined;
  const sent = messages.filter((message) => message.role === 'user');
  if (sent.some(({ status }) => status === 'waiting')) return undefined;
  return sent.findLast(({ status }) => status === 'started');
}

/** The same content with another text: what was attached stays. */
export function withText(content: Content, text: string): Content {
  if (typeof content === 'string') return text;
  return [{ type: 'text', text }, ...content.filter((part) => part.type !== 'text')];
}
