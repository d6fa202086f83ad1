import type { ReactElement } from 'react';
import { Scrollable } from './scrollable.tsx';

/** A labelled value of a tool or of an agent's own event, as preformatted text. */
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
  // Text has the direction of its script. JSON is code, whatever is quoted in it.
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
