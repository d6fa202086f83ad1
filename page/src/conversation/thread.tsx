import type { ReactElement } from 'react';
import { toText } from 'heddle';
import type { Content, SentMessage } from 'heddle';
import type { SessionView } from 'heddle/react';
import { MessageList } from './message-list.tsx';
import { PendingMessage } from './pending-message.tsx';

/** The messages of a session, and after them those still on their way. */
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
