import { memo } from 'react';
import type { ReactElement } from 'react';
import { toText } from 'heddle';
import type { Content, SentMessage } from 'heddle';
import { languageOf } from '../strings/language-of.ts';
import { strings } from '../strings/strings.ts';
import { WaitingNote } from './waiting-note.tsx';

/** What somebody sent, as they typed it: markdown in it is left alone. */
export const UserMessage = memo(function UserMessage({
  message,
  onWithdraw,
}: {
  readonly message: SentMessage;
  readonly onWithdraw: (message: string) => Promise<void>;
}): ReactElement {
  const text = toText(message.content);
  return (
    <article
      className="user-message"
      data-testid="message"
      data-status={message.status}
      aria-label={strings.you}
    >
      <div className="bubble" dir="auto" lang={languageOf(text)}>
        {text}
        <Attachments content={message.content} />
      </div>
      {message.status === 'waiting' && <WaitingNote onWithdraw={() => onWithdraw(message.message)} />}
      {message.status === 'withdrawn' && <p className="message-note">{strings.withdrawn}</p>}
    </article>
  );
});

function Attachments({ content }: { readonly content: Content }): ReactElement | undefined {
  if (typeof content === 'string') return undefined;
  const names = content.flatMap((part) => {
    if (part.type === 'text') return [];
    const kind = part.type === 'image' ? strings.image : strings.file;
    return [`${kind}: ${part.type === 'file' && part.name !== undefined ? part.name : part.media_type}`];
  });
  if (names.length === 0) return undefined;
  return <span className="attachments">{names.join(' · ')}</span>;
}
