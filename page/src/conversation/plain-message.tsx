import type { ReactElement } from 'react';
import type { MessageState } from 'heddle';
import { toText } from 'heddle';
import { PlainText } from '../parts/plain-text.tsx';
import { toPlainText } from '../parts/to-plain-text.ts';
import { strings } from '../strings/strings.ts';

/** Renders the text of a message that cannot be rendered in full. */
export function PlainMessage({
  message,
  onRetry,
}: {
  readonly message: MessageState;
  readonly onRetry: () => void;
}): ReactElement {
  const isUser = message.role === 'user';
  const text = isUser ? toText(message.content) : message.parts.map(toPlainText).join('\n\n');
  return (
    <article
      className={isUser ? 'user-message' : 'agent-message'}
      data-testid={isUser ? 'message' : 'agent-message'}
      data-outcome={isUser ? undefined : (message.outcome ?? 'open')}
      aria-label={isUser ? strings.you : strings.agent}
    >
      <PlainText text={text} onRetry={onRetry} />
    </article>
  );
}
