import type { ReactElement } from 'react';
import type { Content, SentMessage } from 'heddle';
import type { SessionView } from 'heddle/react';
import { AgentMessage } from './agent-message.tsx';
import { toRepeatable } from './to-repeatable.ts';
import { UserMessage } from './user-message.tsx';

export function MessageList({
  view,
  onReplace,
}: {
  readonly view: SessionView;
  readonly onReplace: (sent: SentMessage, content: Content) => Promise<void>;
}): ReactElement[] {
  const { messages, withdraw } = view;
  const last = toRepeatable(view);
  return messages.map((message, index) =>
    message.role === 'user' ? (
      <UserMessage
        key={message.message}
        message={message}
        onWithdraw={withdraw}
        onReplace={message === last ? onReplace : undefined}
      />
    ) : (
      <AgentMessage
        key={`turn ${message.turn}`}
        message={message}
        again={index === messages.length - 1 && message.message === last?.message ? last : undefined}
        onReplace={onReplace}
      />
    ),
  );
}
