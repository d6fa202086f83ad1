import type { SessionSummary } from 'heddle/client';

/** As many as a server lists at once, or some more where several were last active in one moment. */
const pageSize = 100;

/** What is known of a list of sessions, last active first. */
export interface KnownSessions {
  readonly sessions: readonly SessionSummary[];
  /** Whether there may be older ones. */
  readonly hasMore: boolean;
}

/** Takes up the first page anew: it tells all of its time, and of older ones nothing. */
export function withNewest(known: KnownSessions | undefined, page: readonly SessionSummary[]): KnownSessions {
  const newest = latestFirst(page);
  if (page.length < pageSize) return { sessions: newest, hasMore: false };
  const oldest = newest.at(-1)?.activeAt ?? 0;
  const listed = new Set(page.map(({ session }) => session));
  const older = known?.sessions.filter((one) => one.activeAt < oldest && !listed.has(one.session)) ?? [];
  return { sessions: [...newest, ...older], hasMore: known?.hasMore !== false || older.length === 0 };
}

/** Takes up the page after the last one that is known. */
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
