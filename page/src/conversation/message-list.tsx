import { memo } from 'react';
import type { ReactElement } from 'react';
import type { Content, MessageState, SentMessage } from 'heddle';
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
  return messages.map((message, index) => {
    const isAgain = index === messages.length - 1 && message.message === last?.message;
    return (
      <Message
        key={message.role === 'user' ? message.message : `turn ${message.turn}`}
        message={message}
        again={message === last || isAgain ? last : undefined}
        onWithdraw={withdraw}
        onReplace={onReplace}
      />
    );
  });
}

/** Renders one message. While an answer streams, the others do not render: there may be thousands. */
const Message = memo(function Message({
  message,
  again,
  onWithdraw,
  onReplace,
}: {
  readonly message: MessageState;
  /** The message that can be sent again from here. */
  readonly again: SentMessage | undefined;
  readonly onWithdraw: (message: string) => Promise<void>;
  readonly onReplace: (sent: SentMessage, content: Content) => Promise<void>;
}): ReactElement {
  return (
    <Boundary renderFailed={(retry) => <PlainMessage message={message} onRetry={retry} />}>
      {message.role === 'user' ? (
        <UserMessage
          message={message}
          onWithdraw={onWithdraw}
          onReplace={again === undefined ? undefined : onReplace}
        />
      ) : (
        <AgentMessageView message={message} again={again} onReplace={onReplace} />
      )}
    </Boundary>
  );
});
