import { useState } from 'react';
import type { ReactElement } from 'react';
import { strings } from '../strings/strings.ts';

/** Renders the note under a message whose turn has not started. Until then the user can take it back. */
export function WaitingNote({ onWithdraw }: { readonly onWithdraw: () => Promise<void> }): ReactElement {
  const [state, setState] = useState<'idle' | 'asking' | 'late'>('idle');
  const withdraw = (): void => {
    setState('asking');
    onWithdraw().then(
      () => setState('idle'),
      () => setState('late'),
    );
  };
  return (
    <p className="message-note">
      <span className="waiting-dot" />
      <span>{state === 'late' ? strings.tooLateToWithdraw : strings.waitingMessage}</span>
      {state !== 'late' && (
        <button type="button" className="text-button" onClick={withdraw} disabled={state === 'asking'}>
          {strings.withdraw}
        </button>
      )}
    </p>
  );
}
