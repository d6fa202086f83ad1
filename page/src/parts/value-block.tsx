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
  return (
    <div className="value-block" role="group" aria-label={label}>
      <p className="value-label">{label}</p>
      {isEmpty ? (
        <p className="quiet">{empty}</p>
      ) : (
        <Scrollable as="pre" dir="auto">
          {text}
        </Scrollable>
      )}
    </div>
  );
}
