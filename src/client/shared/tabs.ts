import { protocolVersion } from '../../protocol/index.ts';
import { goodMs } from '../backoff.ts';
import { callHandler } from '../call-handler.ts';
import { ClientError } from '../client-error.ts';
import type { Cursor } from '../cursor.ts';
import type { OnConnection } from '../keep-trying.ts';
import type { EventAtId } from '../event-at-id.ts';
import type { Events } from '../to-events.ts';
import type { Transport } from '../transport.ts';
import { asCaller, askWhoCalls } from './caller.ts';
import { canAgree } from './can-agree.ts';
import { followShared } from './follow-shared.ts';
import { createHub } from './hub.ts';
import type { Hub } from './hub.ts';
import type { SharedOptions } from './follow-shared.ts';

/** This tab among all tabs of one user. */
export interface Tabs {
  /**
   * Follows a session over the shared connection. If tabs cannot share, it calls `alone` with the id after
   * which to continue.
   */
  follow(
    session: string,
    options: SharedOptions,
    alone: (after?: string) => Events<EventAtId>,
    signal: AbortSignal,
  ): AsyncGenerator<readonly EventAtId[], void, undefined>;
  /** Ends the shared connection for all tabs. */
  logout(): Promise<void>;
}

/**
 * How often in a row to request another name for the caller. Nodes without common secrets each name a caller
 * in their own way.
 */
const maxMoves = 3;
/** How long a logout may take to learn the caller's name, in milliseconds. */
const askingMs = 10_000;

/** Joins the tabs of one user. `shared` is the name of the user; with `true`, the server names the user. */
export function createTabs(transport: Transport, url: string, shared: true | string): Tabs {
  // The absolute URL, so that all pages use one name. The tabs of two versions do not understand each other.
  const target = typeof location === 'object' ? new URL(`${url}/streams`, location.href).href : url;
  const place = `heddle/${protocolVersion} ${target} `;
  const { timing } = transport;
  const tried = canAgree(place, timing);
  let hub: Hub | undefined;
  let logouts = 0;

  async function join(signal: AbortSignal, onConnection?: OnConnection): Promise<Hub | undefined> {
    if (!(await tried)) return undefined;
    if (hub) return hub;
    if (shared !== true) return (hub = createHub({ name: place + shared, transport }));
    const caller = await askWhoCalls(transport, signal, onConnection);
    if (caller === undefined) return undefined;
    return (hub ??= createHub({ name: place + caller, transport: asCaller(caller, transport) }));
  }

  return {
    async *follow(session, { after, onConnection, resting }, alone, signal) {
      const before = logouts;
      const cursor: Cursor = { last: after, started: false };
      let isAlone = false;
      try {
        for (let moves = 0; moves < maxMoves; moves += 1) {
          const joined = await join(signal, onConnection);
          if (logouts !== before || signal.aborted) return;
          if (joined === undefined) break;
          const startedAt = timing.now();
          try {
            return yield* followShared(joined, session, cursor, { onConnection, resting }, signal);
          } catch (error) {
            if (!(error instanceof ClientError && error.code === 'other_caller')) throw error;
            // Another user has logged in, or the server now has another name for the same user.
            if (hub === joined) hub = undefined;
            if (timing.now() - startedAt > goodMs) moves = 0;
          }
        }
        isAlone = true;
        yield* alone(cursor.last).batches();
      } finally {
        if (!isAlone) callHandler(onConnection, 'closed', { via: 'sse' });
      }
    },
    async logout() {
      logouts += 1;
      const joined = await join(AbortSignal.timeout(askingMs)).catch(() => undefined);
      joined?.logout();
    },
  };
}
