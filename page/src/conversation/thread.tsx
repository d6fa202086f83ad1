import type { ReactElement } from 'react';
import { toText } from 'heddle';
import type { Content, SentMessage } from 'heddle';
import type { SessionView } from 'heddle/react';
import { MessageList } from './message-list.tsx';
import { PendingMessage } from './pending-message.tsx';

/** Renders the messages of a session, then those that are being sent. */
export function Thread({
  view,
  onReplace,
}: {
  readonly view: SessionView;
  readonly onReplace: (sent: SentMessage, content: Content) => Promise<void>;
}): ReactElement {
  return (
    <>
      <MessageList view={view} onReplace={onReplace} />
      {view.sending.map(({ key, content }) => (
        <PendingMessage key={key} text={toText(content)} />
      ))}
    </>
  );
}
