import type { ReactElement } from 'react';
import { strings } from '../strings/strings.ts';
import { goTo } from './use-route.ts';

/** What stands in place of the page where it cannot be shown. The conversation may be the cause, so there is a way to another one. */
export function PageFailure({ onRetry }: { readonly onRetry: () => void }): ReactElement {
  const startAnew = (): void => {
    goTo({ type: 'new' });
    onRetry();
  };
  return (
    <main className="page-failure" data-testid="page-failure">
      <div role="alert">
        <h1>{strings.pageFailed}</h1>
        <p>{strings.pageFailedBody}</p>
      </div>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={startAnew}>
          {strings.newSession}
        </button>
        <button type="button" className="button primary" onClick={onRetry}>
          {strings.showPageAgain}
        </button>
      </div>
    </main>
  );
}
