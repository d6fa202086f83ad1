import type { ReactElement } from 'react';
import { languageOf } from '../strings/language-of.ts';
import { strings } from '../strings/strings.ts';

/** Renders plain text in place of content that cannot be rendered. */
export function PlainText({
  text,
  onRetry,
}: {
  readonly text: string;
  readonly onRetry: () => void;
}): ReactElement {
  return (
    <div className="plain" data-testid="plain">
      <p className="outcome-note">
        <span>{strings.shownPlain}</span>
        <button type="button" className="text-button" onClick={onRetry}>
          {strings.showAgain}
        </button>
      </p>
      {text !== '' && (
        <p className="plain-text" dir="auto" lang={languageOf(text)}>
          {text}
        </p>
      )}
    </div>
  );
}
