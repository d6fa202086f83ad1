import { memo } from 'react';
import type { ReactElement, RefObject } from 'react';
import { toText } from 'heddle';
import type { Content, SentMessage } from 'heddle';
import type { SessionView } from 'heddle/react';
import { KeepPlace } from '../scroll/keep-place.tsx';
import { EarlierMessages } from './earlier-messages.tsx';
import { MessageList } from './message-list.tsx';
import { PendingMessage } from './pending-message.tsx';

/**
 * Renders the messages of a session, then those that are being sent. It does not render while the user types.
 */
export const Thread = memo(function Thread({
  view,
  scroller,
  onReplace,
}: {
  readonly view: SessionView;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly onReplace: (sent: SentMessage, content: Content) => Promise<void>;
}): ReactElement {
  const { messages, sending, hasEarlier, isLoadingEarlier, loadEarlier } = view;
  return (
    <>
      {hasEarlier && <EarlierMessages isLoading={isLoadingEarlier} onLoad={loadEarlier} />}
      <KeepPlace first={messages[0]?.message} scroller={scroller}>
        <MessageList view={view} onReplace={onReplace} />
        {sending.map(({ key, content }) => (
          <PendingMessage key={key} text={toText(content)} />
        ))}
      </KeepPlace>
    </>
  );
});
