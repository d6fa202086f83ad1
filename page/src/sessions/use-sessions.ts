import { useCallback, useEffect, useRef, useState } from 'react';
import type { Client, SessionSummary } from 'heddle/client';

// What other tabs and devices do is seen this late; what is done here is seen at once.
const refreshMs = 10_000;

export interface Sessions {
  /** Undefined until they were read once. */
  readonly sessions: readonly SessionSummary[] | undefined;
  readonly failed: boolean;
  readonly readAt: number;
  readonly remove: (session: string) => Promise<void>;
}

/** Keeps the list of sessions: read again now and then while the page is seen, and whenever `changed` changes. */
export function useSessions(client: Client, changed: string): Sessions {
  const [list, setList] = useState<Omit<Sessions, 'remove'>>({
    sessions: undefined,
    failed: false,
    readAt: 0,
  });
  const reading = useRef<Promise<void>>(undefined);

  const refresh = useCallback((): void => {
    if (reading.current !== undefined) return;
    reading.current = client
      .sessions()
      .then(
        (sessions) => setList({ sessions: latestFirst(sessions), failed: false, readAt: Date.now() }),
        () => setList((known) => ({ ...known, failed: true })),
      )
      .finally(() => (reading.current = undefined));
  }, [client]);

  useEffect(refresh, [refresh, changed]);
  useEffect(() => {
    const whenSeen = (): void => {
      if (document.visibilityState === 'visible') refresh();
    };
    const timer = setInterval(whenSeen, refreshMs);
    document.addEventListener('visibilitychange', whenSeen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', whenSeen);
    };
  }, [refresh]);

  const remove = useCallback(
    async (session: string) => {
      await client.session(session).drop();
      setList((known) => ({
        ...known,
        sessions: known.sessions?.filter((other) => other.session !== session),
      }));
    },
    [client],
  );

  return { ...list, remove };
}

function latestFirst(sessions: readonly SessionSummary[]): readonly SessionSummary[] {
  return sessions.toSorted((one, other) => other.activeAt - one.activeAt);
}
