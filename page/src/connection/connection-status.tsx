import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import type { SessionView } from 'heddle/react';
import { strings } from '../strings/strings.ts';
import { toConnectionState } from './connection-state.ts';
import type { ConnectionState } from './connection-state.ts';
import { useOnline } from './use-online.ts';
import { useSecondsUntil } from './use-seconds-until.ts';

const patienceMs = 900;

const words: Record<Exclude<ConnectionState, 'idle'>, string> = {
  connecting: strings.connectionConnecting,
  live: strings.connectionLive,
  reconnecting: strings.connectionReconnecting,
  offline: strings.connectionOffline,
  closed: strings.connectionClosed,
};

/** Shows whether the stream is live, and that nothing is lost while it is not. */
export function ConnectionStatus({ view }: { readonly view: SessionView }): ReactElement | undefined {
  const state = useSettled(toConnectionState(view, useOnline()), 'live', patienceMs);
  const seconds = useSecondsUntil(view.retryAt);
  const resumes = state === 'reconnecting' || state === 'offline';
  const retries = state === 'closed' || (state === 'reconnecting' && seconds !== undefined);
  if (state === 'idle') return undefined;
  return (
    <div className="connection" data-testid="connection" data-state={state}>
      <span role="status">
        <span className="connection-dot" />
        <span>{words[state]}</span>
        {resumes && <span className="connection-more">{` ${strings.connectionResumes}`}</span>}
      </span>
      {state === 'reconnecting' && seconds !== undefined && (
        // Visible, but not read aloud each second.
        <span className="connection-seconds" aria-hidden="true">
          {strings.connectionSeconds(seconds)}
        </span>
      )}
      {retries && (
        <button type="button" className="text-button" onClick={view.reconnect}>
          {strings.connectionRetry}
        </button>
      )}
    </div>
  );
}

/**
 * Follows a value, but delays each change by `ms`, except a change to `good`. Proxies cut streams every half
 * minute, and the client reconnects before the user has to know.
 */
function useSettled<T>(value: T, good: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value === good ? 0 : ms);
    return () => clearTimeout(timer);
  }, [value, good, ms]);
  return settled;
}
