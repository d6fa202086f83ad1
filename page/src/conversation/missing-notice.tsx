import type { ReactElement } from 'react';
import { toHash } from '../app/page-route.ts';
import { strings } from '../strings/strings.ts';

export function MissingNotice(): ReactElement {
  return (
    <section className="notice">
      <h2>{strings.missingTitle}</h2>
      <p>{strings.missingBody}</p>
      <a className="button primary" href={toHash({ type: 'new' })}>
        {strings.newSession}
      </a>
    </section>
  );
}
