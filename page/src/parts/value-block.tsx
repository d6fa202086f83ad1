import type { ReactElement } from 'react';

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
    <section className="value-block" aria-label={label}>
      <h4>{label}</h4>
      {isEmpty ? <p className="quiet">{empty}</p> : <pre dir={dir}>{text}</pre>}
    </section>
  );
}
