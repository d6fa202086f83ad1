import type { ReactElement } from 'react';
import type { Content, SentMessage, SessionState } from 'heddle';
import { MessageList } from './message-list.tsx';
import { PendingMessage } from './pending-message.tsx';
import type { Pending } from './use-sending.ts';

/** The messages of a session, and after them those still on their way. */
export function Thread({
  state,
  pending,
  onWithdraw,
  onReplace,
}: {
  readonly state: SessionState | undefined;
  readonly pending: readonly Pending[];
  readonly onWithdraw: (message: string) => Promise<void>;
  readonly onReplace: (sent: SentMessage, content: Content) => Promise<void>;
}): ReactElement {
  return (
    <>
      {state !== undefined && <MessageList state={state} onWithdraw={onWithdraw} onReplace={onReplace} />}
      {pending.map(({ key, text }) => (
        <PendingMessage key={key} text={text} />
      ))}
    </>
  );
}
