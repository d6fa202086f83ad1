/**
 * The revisions of MCP in which each request says all that is needed to answer it. The newest comes first.
 */
export const modernVersions: readonly string[] = ['2026-07-28'];

/** The revisions of MCP that begin with `initialize`. The newest comes first. */
export const legacyVersions: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];

/** The revision of a client that begins with `initialize` and names no revision in its requests. */
export const unnamedVersion = '2025-03-26';

/** From this revision on, clients expect a first event without data, and come back by its id. */
export const primedVersion = '2025-11-25';

/**
 * Returns the revision that an `initialize` agrees on: the client's own if it is known, or else the newest
 * one.
 */
export function agreeOnVersion(wanted: unknown): string {
  const [newest = ''] = legacyVersions;
  return legacyVersions.find((each) => each === wanted) ?? newest;
}
