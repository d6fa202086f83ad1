import { ClientError } from '../client-error.ts';
import type { Cursor } from '../cursor.ts';
import { keepTrying } from '../keep-trying.ts';
import type { Attempt, Connection, ConnectionDetail } from '../keep-trying.ts';
import type { Transport } from '../transport.ts';
import { toTabFailure } from './tab-message.ts';
import type { TabFailure, ConnectionReport, TabMessage, Places } from './tab-message.ts';
import { readMany } from './read-many.ts';

/** Holds the one connection for all tabs. */
export interface Leader {
  /** Replaces the sessions that a tab follows. While all tabs are idle there is no connection. */
  want(tab: string, places: Places, isIdle: boolean): void;
  /** Records that a tab is alive. */
  hear(tab: string): void;
  /** Returns the position of the connection in each session. */
  at(): Extract<TabMessage, { readonly type: 'at' }>;
  stop(): void;
}

/** Tabs that load together should change the connection once, not once each. */
const gatherMs = 50;
/** A tab that crashed sends no message. A tab in the background sends one at least once a minute. */
const silentTabMs = 150_000;

/** The most sessions that a server accepts on one stream. */
const maxSessions = 100;
const tooMany: TabFailure = {
  code: 'too_many',
  message: `All tabs together follow more than ${maxSessions} sessions.`,
};

/** Starts to lead as the tab `own`. `tell` reaches all tabs, this one too. */
export function createLeader(own: string, transport: Transport, tell: (message: TabMessage) => void): Leader {
  const tabs = new Map<string, { places: Places; heardAt: number; isIdle: boolean }>();
  const cursors = new Map<string, Cursor>();
  let connection: Connection = 'connecting';
  let detail: ConnectionDetail = { via: 'sse' };
  /** When the connection last showed a sign of life, or must show the next. */
  let aliveAt = transport.timing.now();
  let isResting = false;
  let following = new AbortController();
  let gathering: ReturnType<typeof setTimeout> | undefined;

  function want(tab: string, places: Places, isIdle: boolean): void {
    tabs.set(tab, { places, heardAt: transport.timing.now(), isIdle });
    let isNew = false;
    for (const [session, last] of Object.entries(places)) {
      if (cursors.has(session)) continue;
      if (cursors.size >= maxSessions) {
        tell({ type: 'items', items: [{ session, problem: tooMany }] });
        continue;
      }
      cursors.set(session, { last: last ?? undefined, started: false });
      isNew = true;
    }
    tell(at());
    // The first change is made at once: in a background tab a timer may be a second late.
    if (isNew && tabs.size === 1) restart();
    else if (isNew) gathering ??= setTimeout(restart, gatherMs);
    else if (dropUnwanted() && cursors.size === 0) following.abort();
    else if (isResting === isAwaited()) restart();
  }

  function isAwaited(): boolean {
    return [...tabs.values()].some((each) => !each.isIdle);
  }

  /** Drops the sessions that no tab follows any more. Returns whether there were any. */
  function dropUnwanted(): boolean {
    const now = transport.timing.now();
    for (const [tab, { heardAt }] of tabs) if (tab !== own && now - heardAt > silentTabMs) tabs.delete(tab);
    const wanted = new Set([...tabs.values()].flatMap(({ places }) => Object.keys(places)));
    const unwanted = [...cursors.keys()].filter((session) => !wanted.has(session));
    for (const session of unwanted) cursors.delete(session);
    return unwanted.length > 0;
  }

  function restart(): void {
    clearTimeout(gathering);
    gathering = undefined;
    dropUnwanted();
    following.abort();
    following = new AbortController();
    isResting = !isAwaited();
    if (isResting) change('waiting', { via: 'sse' }, Infinity);
    else if (cursors.size > 0) void follow(following.signal);
  }

  /** Reports a change of the connection. It need show no sign of life before `until`. */
  function change(now: Connection, more: ConnectionDetail, until: number): void {
    [connection, detail, aliveAt] = [now, more, until];
    tell({ type: 'fare', fare: toFare() });
  }

  async function follow(signal: AbortSignal): Promise<void> {
    const { timing, renewable } = transport;
    const attempt = (current: Attempt): ReturnType<typeof readMany> => {
      const onBytes = (): void => {
        aliveAt = timing.now();
        current.onBytes();
      };
      return readMany(transport, cursors, { ...current, onBytes });
    };
    const onConnection = (now: Connection, more: ConnectionDetail): void => {
      if (!signal.aborted) change(now, more, Math.max(timing.now(), more.retryAt ?? 0));
    };
    const trying = { signal, timing, renewable, canPoll: true, tries: Infinity, onConnection };
    try {
      for await (const items of keepTrying(attempt, trying)) {
        if (signal.aborted) return;
        for (const { session, problem } of items) if (problem) forget(session);
        tell({ type: 'items', items });
      }
    } catch (cause) {
      if (signal.aborted) return;
      cursors.clear();
      const error =
        cause instanceof ClientError ? cause : new ClientError('failed', 'Reading failed.', { cause });
      tell({ type: 'failed', error: toTabFailure(error) });
    }
  }

  function forget(session: string): void {
    cursors.delete(session);
    for (const tab of tabs.values()) {
      const { [session]: _, ...places } = tab.places;
      tab.places = places;
    }
    if (cursors.size === 0) following.abort();
  }

  function at(): Extract<TabMessage, { readonly type: 'at' }> {
    const places = Object.fromEntries([...cursors].map(([session, { last = null }]) => [session, last]));
    return { type: 'at', places, fare: toFare() };
  }

  function toFare(): ConnectionReport {
    const now = transport.timing.now();
    const { via, retryAt, error } = detail;
    return {
      connection,
      via,
      silentMs: Math.max(now - aliveAt, 0),
      ...(retryAt !== undefined && { waitMs: Math.max(retryAt - now, 0) }),
      ...(error instanceof ClientError && { error: toTabFailure(error) }),
    };
  }

  return {
    want,
    hear: (tab) => {
      const known = tabs.get(tab);
      if (known) known.heardAt = transport.timing.now();
    },
    at,
    stop: () => {
      clearTimeout(gathering);
      following.abort();
    },
  };
}
