import type { ReactElement } from 'react';
import type { SessionState } from 'heddle';
import { MessageList } from './message-list.tsx';
import { PendingMessage } from './pending-message.tsx';
import type { Pending } from './use-sending.ts';

/** The messages of a session, and after them those still on their way. */
export function Thread({
  state,
  pending,
  onWithdraw,
}: {
  readonly state: SessionState | undefined;
  readonly pending: readonly Pending[];
  readonly onWithdraw: (message: string) => Promise<void>;
}): ReactElement {
  const messages = state?.messages ?? [];
  const isThere = ({ message }: Pending): boolean =>
    messages.some((other) => other.role === 'user' && other.message === message);
  return (
    <>
      <MessageList messages={messages} onWithdraw={onWithdraw} />
      {pending.map((item) => !isThere(item) && <PendingMessage key={item.key} text={item.text} />)}
    </>
  );
}
