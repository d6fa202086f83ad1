import type { ReactElement } from 'react';
import { strings } from '../strings/strings.ts';
import { goTo } from './use-route.ts';

/**
 * Replaces the page when it cannot be rendered. The conversation may be the cause, so it offers a new one.
 */
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
