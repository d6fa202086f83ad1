import type { ReactElement } from 'react';
import { Scrollable } from '../parts/scrollable.tsx';
import { languageOf } from '../strings/language-of.ts';
import type { Request } from './to-request.ts';

/** Renders a request as plain text: nothing in it is markup. */
export function RequestView({ request }: { readonly request: Request }): ReactElement {
  const { title, message, fields, json } = request;
  return (
    <>
      {title !== undefined && (
        <p className="request-title" dir="auto" lang={languageOf(title)}>
          {title}
        </p>
      )}
      {message !== undefined && (
        <p className="request-message" dir="auto" lang={languageOf(message)}>
          {message}
        </p>
      )}
      {fields.length > 0 && (
        <dl className="request-fields">
          {fields.map(({ name, text }) => (
            <div key={name}>
              <dt>{name}</dt>
              <Scrollable as="dd" dir="auto" lang={languageOf(text)}>
                {text}
              </Scrollable>
            </div>
          ))}
        </dl>
      )}
      {json !== undefined && (
        <Scrollable as="pre" dir="ltr">
          {json}
        </Scrollable>
      )}
    </>
  );
}
