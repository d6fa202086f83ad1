import type { ReactElement } from 'react';
import type { Content, SentMessage } from 'heddle';
import type { SessionView } from 'heddle/react';
import { Boundary } from '../app/boundary.tsx';
import { AgentMessageView } from './agent-message-view.tsx';
import { PlainMessage } from './plain-message.tsx';
import { toRepeatable } from './to-repeatable.ts';
import { UserMessage } from './user-message.tsx';

/** Renders the messages of a session. A failure in one message does not affect the others. */
export function MessageList({
  view,
  onReplace,
}: {
  readonly view: SessionView;
  readonly onReplace: (sent: SentMessage, content: Content) => Promise<void>;
}): ReactElement[] {
  const { messages, withdraw } = view;
  const last = toRepeatable(view);
  return messages.map((message, index) => (
    <Boundary
      key={message.role === 'user' ? message.message : `turn ${message.turn}`}
      renderFailed={(retry) => <PlainMessage message={message} onRetry={retry} />}
    >
      {message.role === 'user' ? (
        <UserMessage
          message={message}
          onWithdraw={withdraw}
          onReplace={message === last ? onReplace : undefined}
        />
      ) : (
        <AgentMessageView
          message={message}
          again={index === messages.length - 1 && message.message === last?.message ? last : undefined}
          onReplace={onReplace}
        />
      )}
    </Boundary>
  ));
}
