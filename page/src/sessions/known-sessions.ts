import type { SessionSummary } from 'heddle/client';

/**
 * The page size of the server. A page may hold some more when several sessions were last active in the same
 * millisecond.
 */
const pageSize = 100;

/** The known part of a list of sessions, last active first. */
export interface KnownSessions {
  readonly sessions: readonly SessionSummary[];
  /** Whether there may be older sessions. */
  readonly hasMore: boolean;
}

/**
 * Returns the list with the first page read again. The page replaces everything in its time range. Older
 * sessions stay.
 */
export function withNewest(known: KnownSessions | undefined, page: readonly SessionSummary[]): KnownSessions {
  const newest = latestFirst(page);
  if (page.length < pageSize) return { sessions: newest, hasMore: false };
  const oldest = newest.at(-1)?.activeAt ?? 0;
  const listed = new Set(page.map(({ session }) => session));
  const older = known?.sessions.filter((one) => one.activeAt < oldest && !listed.has(one.session)) ?? [];
  return { sessions: [...newest, ...older], hasMore: known?.hasMore !== false || older.length === 0 };
}

/** Returns the list with the page after its last session. */
export function withOlder(known: KnownSessions, page: readonly SessionSummary[]): KnownSessions {
  const listed = new Set(known.sessions.map(({ session }) => session));
  const older = latestFirst(page).filter(({ session }) => !listed.has(session));
  return { sessions: [...known.sessions, ...older], hasMore: page.length >= pageSize };
}

export function withoutSession(known: KnownSessions, session: string): KnownSessions {
  return { ...known, sessions: known.sessions.filter((other) => other.session !== session) };
}

function latestFirst(sessions: readonly SessionSummary[]): readonly SessionSummary[] {
  return sessions.toSorted((one, other) => other.activeAt - one.activeAt);
}
