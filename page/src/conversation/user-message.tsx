import { memo } from 'react';
import type { ReactElement } from 'react';
import { toText } from 'heddle';
import type { Content, SentMessage } from 'heddle';
import { useDraft } from '../composer/use-draft.ts';
import { languageOf } from '../strings/language-of.ts';
import { strings } from '../strings/strings.ts';
import { ActionButton } from './action-button.tsx';
import { MessageEditor } from './message-editor.tsx';
import { withText } from './to-repeatable.ts';
import { WaitingNote } from './waiting-note.tsx';

/** Renders a user's message as it was typed, without markdown. */
export const UserMessage = memo(function UserMessage({
  message,
  onWithdraw,
  onReplace,
}: {
  readonly message: SentMessage;
  readonly onWithdraw: (message: string) => Promise<void>;
  /** Given when the message can be sent again. */
  readonly onReplace?: ((sent: SentMessage, content: Content) => Promise<void>) | undefined;
}): ReactElement {
  const { text: edited, change } = useDraft(`edit ${message.message}`);
  const text = toText(message.content);
  const editor = edited !== undefined && onReplace !== undefined && (
    <MessageEditor
      text={edited}
      onText={(next) => change(() => next)}
      onSend={() => onReplace(message, withText(message.content, edited.trim()))}
      onClose={() => change(() => undefined)}
    />
  );
  return (
    <article
      className="user-message"
      data-testid="message"
      data-status={message.status}
      aria-label={strings.you}
    >
      {editor || (
        <div className="bubble" dir="auto" lang={languageOf(text)}>
          <span>{text}</span>
          <Attachments content={message.content} />
        </div>
      )}
      {!editor && onReplace !== undefined && (
        <ActionButton icon="pencil" label={strings.edit} onClick={() => change(() => text)} />
      )}
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
