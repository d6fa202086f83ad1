import type { ReactElement } from 'react';
import { Scrollable } from './scrollable.tsx';

/** Renders a labelled value of a tool or a custom event as preformatted text. */
export function ValueBlock({
  label,
  text,
  empty = '',
}: {
  readonly label: string;
  readonly text: string;
  readonly empty?: string;
}): ReactElement {
  const isEmpty = text === '' || text === '{}';
  // Text follows the direction of its script. JSON is code, whatever it quotes.
  const dir = /^[[{]/.test(text) ? 'ltr' : 'auto';
  return (
    <div className="value-block" role="group" aria-label={label}>
      <p className="value-label">{label}</p>
      {isEmpty ? (
        <p className="quiet">{empty}</p>
      ) : (
        <Scrollable as="pre" dir={dir}>
          {text}
        </Scrollable>
      )}
    </div>
  );
}
