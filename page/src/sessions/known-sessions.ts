import type { SessionSummary } from 'heddle/client';

/** The page size of the server. */
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
  const oldest = page.at(-1);
  if (oldest === undefined || page.length < pageSize) return { sessions: page, hasMore: false };
  const listed = new Set(page.map(({ session }) => session));
  const older = known?.sessions.filter((one) => isAfter(one, oldest) && !listed.has(one.session)) ?? [];
  return { sessions: [...page, ...older], hasMore: known?.hasMore !== false || older.length === 0 };
}

/** Returns the list with the page after its last session. */
export function withOlder(known: KnownSessions, page: readonly SessionSummary[]): KnownSessions {
  const listed = new Set(known.sessions.map(({ session }) => session));
  const older = page.filter(({ session }) => !listed.has(session));
  return { sessions: [...known.sessions, ...older], hasMore: page.length >= pageSize };
}

export function withoutSession(known: KnownSessions, session: string): KnownSessions {
  return { ...known, sessions: known.sessions.filter((other) => other.session !== session) };
}

/** Returns whether a session comes after another one in the server's list: by time, then by name. */
function isAfter(one: SessionSummary, other: SessionSummary): boolean {
  return one.activeAt < other.activeAt || (one.activeAt === other.activeAt && one.session < other.session);
}
