import type { ReactElement } from 'react';
import type { MessageState } from 'heddle';
import { AgentMessage } from './agent-message.tsx';
import { UserMessage } from './user-message.tsx';

export function MessageList({
  messages,
  onWithdraw,
}: {
  readonly messages: readonly MessageState[];
  readonly onWithdraw: (message: string) => Promise<void>;
}): ReactElement[] {
  return messages.map((message) =>
    message.role === 'user' ? (
      <UserMessage key={message.message} message={message} onWithdraw={onWithdraw} />
    ) : (
      <AgentMessage key={`turn ${message.turn}`} message={message} />
    ),
  );
}
