import type { ReactElement } from 'react';
import type { Content, SentMessage, SessionState } from 'heddle';
import { AgentMessage } from './agent-message.tsx';
import { toRepeatable } from './to-repeatable.ts';
import { UserMessage } from './user-message.tsx';

export function MessageList({
  state,
  onWithdraw,
  onReplace,
}: {
  readonly state: SessionState;
  readonly onWithdraw: (message: string) => Promise<void>;
  readonly onReplace: (sent: SentMessage, content: Content) => Promise<void>;
}): ReactElement[] {
  const { messages } = state;
  const last = toRepeatable(state);
  return messages.map((message, index) =>
    message.role === 'user' ? (
      <UserMessage
        key={message.message}
        message={message}
        onWithdraw={onWithdraw}
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
