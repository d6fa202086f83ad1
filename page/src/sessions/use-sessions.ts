import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Client, SessionSummary } from 'heddle/client';
import { withNewest, withOlder, withoutSession } from './known-sessions.ts';
import type { KnownSessions } from './known-sessions.ts';

// Changes from other tabs and devices appear after this time. Changes made here appear at once.
const refreshMs = 10_000;

export interface Sessions {
  /** Undefined until the first read. */
  readonly sessions: readonly SessionSummary[] | undefined;
  readonly failed: boolean;
  readonly readAt: number;
  /** Reads older sessions; undefined when there are none. */
  readonly readMore: (() => void) | undefined;
  readonly remove: (session: string) => Promise<void>;
}

interface Reading {
  readonly known: KnownSessions | undefined;
  readonly failed: boolean;
  readonly readAt: number;
}

/**
 * Keeps the list of sessions. Reads it every ten seconds while the page is visible, and each time `changed`
 * changes.
 */
export function useSessions(client: Client, changed: string): Sessions {
  const [{ known, failed, readAt }, setReading] = useState<Reading>({
    known: undefined,
    failed: false,
    readAt: 0,
  });
  const reading = useRef<Promise<void>>(undefined);

  const read = useCallback(
    (before: SessionSummary | undefined, add: typeof withNewest): void => {
      reading.current = (reading.current ?? Promise.resolve())
        .then(() => client.sessions(before === undefined ? {} : { before }))
        .then(
          (page) => setReading((was) => ({ known: add(was.known, page), failed: false, readAt: Date.now() })),
          () => setReading((was) => ({ ...was, failed: true })),
        )
        .finally(() => (reading.current = undefined));
    },
    [client],
  );
  const refresh = useCallback(() => {
    if (reading.current === undefined) read(undefined, withNewest);
  }, [read]);

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

  return useMemo(
    () => ({
      sessions: known?.sessions,
      failed,
      readAt,
      readMore: known?.hasMore
        ? () => read(known.sessions.at(-1), (was, page) => withOlder(was ?? known, page))
        : undefined,
      async remove(session) {
        await client.session(session).drop();
        setReading((was) => ({ ...was, known: was.known && withoutSession(was.known, session) }));
      },
    }),
    [known, failed, readAt, read, client],
  );
}
