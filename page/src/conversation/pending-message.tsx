import type { ReactElement } from 'react';
import { languageOf } from '../strings/language-of.ts';
import { strings } from '../strings/strings.ts';

/** Renders a message that the server has not confirmed yet. */
export function PendingMessage({ text }: { readonly text: string }): ReactElement {
  return (
    <article className="user-message" data-testid="message" data-status="sending" aria-label={strings.you}>
      <div className="bubble" dir="auto" lang={languageOf(text)}>
        {text}
      </div>
      <p className="message-note late">{strings.sendingMessage}</p>
    </article>
  );
}
